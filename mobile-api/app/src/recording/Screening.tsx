import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useCallback, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Picture, type PictureHandle } from "../mirror/Picture";
import { exactClock, type Reader } from "../time/words";
import { beginOf, countAt, type Film, keyBefore, lengthText } from "./film";
import classes from "./Recording.module.css";

const beat = 100; // milliseconds between two looks at what is due
const speeds = [1, 2, 4] as const;

/** A film with its knobs: play, position, speed. */
export function Screening({ film, reader }: { film: Film; reader: Reader }) {
  const { t } = useTranslation();
  const id = useId();
  const { picture, at, seek, ready, ran } = useScreening(film);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<(typeof speeds)[number]>(1);
  const done = at >= film.length;
  const moves = playing && !done;

  useEffect(() => {
    if (!moves) return;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const step = (now - last) * speed;
      last = now;
      seek((position) => position + step, false);
    }, beat);
    return () => clearInterval(timer);
  }, [moves, speed, seek]);

  const toggle = () => {
    if (done) seek(() => beginOf(film), true);
    setPlaying(!moves);
  };
  const shown = film.shown[Math.max(0, countAt(film, at) - 1)] ?? 0;
  const told = t("recording.at", { at: lengthText(at), length: lengthText(film.length), time: exactClock(new Date(shown), reader) });
  const Icon = moves ? IconPlayerPause : IconPlayerPlay;
  return (
    <>
      <Picture ref={picture} title={t("recording.picture")} className={classes.picture} onReady={ready} onRan={ran} />
      <div className={classes.knobs}>
        <Button h={48} variant="default" leftSection={<Icon size={20} aria-hidden />} onClick={toggle}>
          {t(moves ? "recording.pause" : "recording.play")}
        </Button>
        <fieldset className={classes.speeds}>
          <legend className="unseen">{t("recording.speed")}</legend>
          {speeds.map((one) => (
            <label key={one}>
              <input type="radio" name={`${id}speed`} checked={speed === one} onChange={() => setSpeed(one)} />×{one}
            </label>
          ))}
        </fieldset>
        <input
          type="range"
          className={classes.position}
          aria-label={t("recording.position")}
          aria-valuetext={told}
          min={0}
          max={Math.max(1, Math.ceil(film.length))}
          step={100}
          value={Math.round(at)}
          onChange={(event) => {
            const to = Number(event.currentTarget.value);
            seek(() => to, true);
          }}
        />
        <p className={classes.told}>{told}</p>
      </div>
      <p className={classes.quiet}>{t("recording.silences")}</p>
    </>
  );
}

/** Gives the picture the frames that are due, never more before it has drawn those that it has. */
function useScreening(film: Film) {
  const picture = useRef<PictureHandle>(null);
  const [at, setAt] = useState(() => beginOf(film));
  const state = useRef({ at, drawn: 0, busy: true, fresh: true });

  const draw = useCallback(() => {
    const now = state.current;
    if (now.busy) return;
    const due = countAt(film, now.at);
    const fresh = now.fresh || due < now.drawn;
    const from = fresh ? keyBefore(film, due) : now.drawn;
    if (due <= from) return;
    Object.assign(now, { drawn: due, busy: true, fresh: false });
    picture.current?.run(film.frames.slice(from, due), fresh);
  }, [film]);

  const seek = useCallback(
    (to: (position: number) => number, jump: boolean) => {
      const now = state.current;
      if (now.busy && !jump) return; // the picture is behind: the time waits for it
      now.at = Math.min(film.length, Math.max(beginOf(film), to(now.at)));
      now.fresh ||= jump;
      setAt(now.at);
      draw();
    },
    [film, draw],
  );
  const free = useCallback(() => {
    state.current.busy = false;
    draw();
  }, [draw]);
  return { picture, at, seek, ready: free, ran: free };
}
