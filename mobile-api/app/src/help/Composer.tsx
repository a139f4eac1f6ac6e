import { Button, Textarea } from "@mantine/core";
import { IconPhoto, IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Help.module.css";
import { prepared } from "./picture";
import { unsent } from "./unsent";

type Props = {
  /** Sends; what it throws is what stands under the field. */
  say: (text: string) => Promise<void>;
  show: (picture: Blob) => Promise<void>;
  why: (error: Error) => string;
  disabled: boolean;
  /** Somebody writes. */
  typing: (text: string) => void;
};

/** Words and pictures. Nothing is lost that could not be sent: it stays where it was written. */
export function Composer({ say, show, why, disabled, typing }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState<"text" | "picture" | null>(null);
  const [wrong, setWrong] = useState("");
  const file = useRef<HTMLInputElement>(null);

  const attempt = async (what: "text" | "picture", act: () => Promise<void>) => {
    setBusy(what);
    setWrong("");
    try {
      await act();
    } catch (error) {
      setWrong(why(error as Error));
    }
    setBusy(null);
  };
  const send = () => {
    if (busy !== null || !text.trim()) return;
    void attempt("text", async () => {
      await say(text.trim());
      setText((now) => unsent(now, text));
    });
  };
  const picked = (chosen: File | undefined) => {
    if (!chosen) return;
    void attempt("picture", async () => {
      const picture = await prepared(chosen).catch(() => null);
      if (!picture) return setWrong(t("help.pictureWrong"));
      await show(picture);
    });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send();
  };
  return (
    <div className={classes.composer}>
      <Textarea
        size="md"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={4000}
        label={t("help.write")}
        value={text}
        disabled={disabled}
        onChange={(event) => {
          setText(event.currentTarget.value);
          typing(event.currentTarget.value);
        }}
        onKeyDown={keys}
      />
      <div className={classes.buttons}>
        <Button variant="default" leftSection={<IconPhoto size={20} aria-hidden />} loading={busy === "picture"} disabled={disabled || busy !== null} onClick={() => file.current?.click()}>
          {t("help.picture")}
        </Button>
        <Button leftSection={<IconSend size={20} aria-hidden />} loading={busy === "text"} disabled={disabled || !text.trim() || busy !== null} onClick={send}>
          {t("help.send")}
        </Button>
      </div>
      <input
        ref={file}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        hidden
        aria-label={t("help.picture")}
        onChange={(event) => {
          picked(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>
    </div>
  );
}
