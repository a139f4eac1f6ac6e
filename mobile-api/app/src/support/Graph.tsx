import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useEffect, useEffectEvent, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { dashOf, inkOf } from "./ink";
import type { Line } from "./live";

export type GraphProps = {
  lines: readonly Line[];
  /** What stands below the picture at an x. */
  along: (x: number) => string;
  /** What stands beside it at a y. */
  beside: (y: number) => string;
  /** x is a moment, in milliseconds; else it counts. */
  time: boolean;
};

const height = 150;

/** Lines as a picture; words and figures of it are beside, for everybody. */
export default function Graph(props: GraphProps) {
  const { lines } = props;
  const scheme = useComputedColorScheme("light");
  const { ref, width } = useElementSize();
  const plot = useRef<UPlot>(null);
  const place = useRef<HTMLDivElement>(null);
  const shape = lines.map(({ id }) => id).join(" ");
  const begin = useEffectEvent((into: HTMLElement) => {
    const options = { ...optionsOf(props), width: into.clientWidth || 300, height };
    return new UPlot(options, alignedOf(lines), into);
  });
  useEffect(() => {
    if (!place.current) return;
    const own = begin(place.current);
    plot.current = own;
    return () => {
      own.destroy();
      plot.current = null;
    };
  }, [shape, scheme]);
  useEffect(() => {
    if (width > 0) plot.current?.setSize({ width, height });
  }, [width]);
  useEffect(() => {
    plot.current?.setData(alignedOf(lines));
  }, [lines]);
  return (
    <div ref={ref} aria-hidden style={{ minHeight: height }}>
      <div ref={place} />
    </div>
  );
}

/** All lines over the same x: undefined where another line has a point and this one has none, null where it is broken. */
function alignedOf(lines: readonly Line[]): UPlot.AlignedData {
  const all = [...new Set(lines.flatMap(({ points }) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const ys = lines.map(({ points }) => {
    const by = new Map(points);
    return all.map((x) => by.get(x));
  });
  return [all, ...ys];
}

function optionsOf({ lines, along, beside, time }: GraphProps): Omit<UPlot.Options, "width" | "height"> {
  const look = getComputedStyle(document.documentElement);
  const colour = (name: string) => look.getPropertyValue(name).trim();
  const axis = { stroke: colour("--ink-2"), font: `12px ${getComputedStyle(document.body).fontFamily}`, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const below = { ...axis, size: 28, space: time ? 70 : 30, ...(time ? {} : { incrs: [1, 2, 5, 10] }) };
  return {
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time, range: (plot, low, high) => roomy(plot.data[0], time ? 30_000 : 1) ?? [low, high] },
      y: { range: (_, low, high) => fromZero(low, high) },
    },
    ms: 1,
    axes: [
      { ...below, values: (_, all) => all.map(along) },
      { ...axis, values: (_, all) => all.map(beside), size: (_, all) => wide(all), space: 30 },
    ],
    series: [
      {},
      ...lines.map((_, i) => {
        const stroke = colour(inkOf(i));
        return { stroke, dash: dashOf(i), width: 2, points: { show: true, size: 5, fill: stroke } };
      }),
    ],
  };
}

/** Room for the longest of some words, whose digits are about as wide as each other. */
function wide(all: readonly string[] | null): number {
  return 16 + 7 * Math.max(2, ...(all ?? []).map(({ length }) => length));
}

/** A single point stands in the middle. */
function roomy(xs: UPlot.AlignedData[0], room: number): UPlot.Range.MinMax | null {
  const [first] = xs;
  return xs.length === 1 && first !== undefined ? [first - room, first + room] : null;
}

/** Figures above zero are shown from zero: a line that trembles by a thousandth looks calm. */
function fromZero(low: number | null, high: number | null): UPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  if (high <= 0) return [Math.floor(low / 10) * 10, Math.min(0, Math.ceil((high + 1) / 10) * 10)];
  return [0, high * 1.1];
}
