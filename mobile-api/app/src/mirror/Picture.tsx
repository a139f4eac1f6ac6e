import { type Ref, useEffect, useImperativeHandle, useRef, useState } from "react";
import { originIn } from "./origin";
import type { FromPicture, Spot, ToPicture } from "./replay/word";

export type PictureHandle = {
  accept: (frame: Uint8Array) => void;
  /** Draws frames of a recording; `onRan` says when they are. */
  run: (frames: Uint8Array[], fresh: boolean) => void;
};

type Props = {
  ref?: Ref<PictureHandle>;
  title: string;
  className?: string;
  /** A key frame is wanted; `inline`: with its style sheets inside. */
  onWant?: (inline: boolean) => void;
  /** The page that draws is there. */
  onReady?: () => void;
  onApplied?: (at: { generation: number; epoch: number; seq: number }) => void;
  onRan?: () => void;
  /** Where the mouse is in the picture; `pressed` where it was clicked. */
  onSpot?: (spot: Spot, pressed: boolean) => void;
};

/** Somebody's screen, drawn in a page of its own that can do nothing else. */
export function Picture({ ref, title, className, ...events }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [origin] = useState(() => originIn("carebox-mirror", window.location.origin));
  const latest = useRef(events);
  useEffect(() => {
    latest.current = events;
  });
  useEffect(() => {
    const hear = (event: MessageEvent<FromPicture>) => {
      if (event.source === null || event.source !== frame.current?.contentWindow || event.origin !== origin) return;
      const [word, to] = [event.data, latest.current];
      if (word.type === "ready") to.onReady?.();
      else if (word.type === "want") to.onWant?.(word.inline);
      else if (word.type === "applied") to.onApplied?.(word.at);
      else if (word.type === "ran") to.onRan?.();
      else if (word.type === "spot") to.onSpot?.(word.spot, word.pressed);
    };
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, [origin]);
  useImperativeHandle(ref, () => ({
    accept: (bytes) => {
      const word: ToPicture = { type: "frame", frame: bytes.slice().buffer };
      frame.current?.contentWindow?.postMessage(word, origin, [word.frame]);
    },
    run: (list, fresh) => {
      const word: ToPicture = { type: "run", frames: list.map((bytes) => bytes.slice().buffer), fresh };
      frame.current?.contentWindow?.postMessage(word, origin, word.frames);
    },
  }), [origin]);
  return <iframe ref={frame} src={origin === window.location.origin ? "/mirror" : `${origin}/mirror`} title={title} className={className} />;
}
