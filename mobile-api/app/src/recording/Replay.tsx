import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { whyNot } from "../change/failure";
import { Waiting } from "../shell/Waiting";
import type { Reader } from "../time/words";
import { type Film, readFilm } from "./film";
import classes from "./Recording.module.css";
import { Screening } from "./Screening";

/** A recording: it is fetched once, and drawn where a shown screen is. */
export default function Replay({ reader, load }: { reader: Reader; load: () => Promise<ArrayBuffer> }) {
  const { t } = useTranslation();
  const [film, setFilm] = useState<Film | null>(null);
  const [wrong, setWrong] = useState("");
  const latest = useRef({ load, t });
  useEffect(() => {
    const { load, t } = latest.current;
    let left = false;
    load()
      .then((bytes) => {
        const read = readFilm(bytes);
        if (left) return;
        if (read) setFilm(read);
        else setWrong(t("recording.broken"));
      })
      .catch((error: unknown) => {
        if (!left) setWrong(whyNot(error as Error, t));
      });
    return () => {
      left = true;
    };
  }, []);
  if (wrong) return <p role="alert">{wrong}</p>;
  if (!film) return <Waiting />;
  if (film.frames.length === 0) return <p className={classes.quiet}>{t("recording.nothingYet")}</p>;
  return <Screening film={film} reader={reader} />;
}
