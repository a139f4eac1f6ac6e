import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "../shell/announcement";
import { type Camera, type NoCamera, openCamera, whyNoCamera } from "./camera";
import classes from "./Field.module.css";
import { readLabel } from "./label";
import { makeRead } from "./reader";

type Props = { found: (serial: string) => void; failed: (why: NoCamera) => void; close: () => void };

/** Milliseconds between two looks: a phone gets warm. */
const pause = 120;

/** The camera's picture, in which a label is looked for until one is found. */
export function Scanner({ found, failed, close }: Props) {
  const { t } = useTranslation("field");
  const video = useRef<HTMLVideoElement>(null);
  const tell = useRef({ found, failed });
  const [camera, setCamera] = useState<Camera | null>(null);
  const [lit, setLit] = useState(false);
  const [strange, setStrange] = useState(false);
  useEffect(() => {
    tell.current = { found, failed };
  });
  useEffect(() => {
    let gone = false;
    let open: Camera | null = null;
    const run = async (picture: HTMLVideoElement) => {
      const [read, opened] = await Promise.all([makeRead(), openCamera(picture)]);
      open = opened;
      if (gone) return opened.stop();
      setCamera(opened);
      while (!gone) {
        const text = await read(picture);
        if (gone) return;
        const serial = text === null ? null : readLabel(text);
        if (serial) return tell.current.found(serial);
        if (text) setStrange(true);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    };
    if (video.current) run(video.current).catch((error: unknown) => !gone && tell.current.failed(whyNoCamera(error)));
    return () => {
      gone = true;
      open?.stop();
    };
  }, []);
  const words = camera ? (strange ? t("scan.notLabel") : t("scan.looking")) : t("scan.starting");
  useEffect(() => announce(words), [words]);
  const light = async () => {
    await camera?.torch?.(!lit);
    setLit(!lit);
  };
  return (
    <>
      <video ref={video} className={classes.video} muted playsInline aria-label={t("scan.view")} />
      <p className={classes.why}>{words}</p>
      <div className={classes.pair}>
        {camera?.torch && (
          <Button variant="default" aria-pressed={lit} onClick={() => void light()}>
            {t(lit ? "scan.torchOff" : "scan.torchOn")}
          </Button>
        )}
        <Button variant="default" onClick={close}>
          {t("scan.stop")}
        </Button>
      </div>
    </>
  );
}
