import { Button, Textarea } from "@mantine/core";
import { IconLock, IconPhoto, IconSend } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { whyNot } from "../change/failure";
import { prepared } from "../help/picture";
import { typist } from "../help/typing";
import { unsent } from "../help/unsent";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";

type Kind = "reply" | "note";
type Props = { id: string; name: string; mine: boolean; after: () => Promise<void> };

/** Two fields that cannot be taken for each other: what the customer reads, and what staff keep to themselves. */
export function StaffComposer({ id, name, mine, after }: Props) {
  const { t } = useTranslation("support");
  const path = { case: id };
  const typing = useMemo(() => typist(() => answer(api.POST("/staff/cases/{case}/typing", { params: { path: { case: id } } }))), [id]);
  const reply = async (text: string) => {
    await answer(api.POST("/staff/cases/{case}/messages", { params: { path }, body: { text } }));
    await after();
  };
  const note = async (text: string) => {
    await answer(api.POST("/staff/cases/{case}/notes", { params: { path }, body: { text } }));
    await after();
  };
  const show = async (picture: Blob) => {
    await answer(api.POST("/staff/cases/{case}/pictures", { params: { path }, body: picture as never, ...bytes }));
    await after();
  };
  return (
    <>
      {mine ? <Field id={id} kind="reply" label={t("replyTo", { name })} send={reply} show={show} typing={typing} /> : <p className={classes.quiet}>{t("takeFirst")}</p>}
      <Field id={id} kind="note" label={t("note")} send={note} />
    </>
  );
}

const bytes = { bodySerializer: (body: unknown) => body as Blob, headers: { "Content-Type": "application/octet-stream" } };

type FieldProps = {
  id: string;
  kind: Kind;
  label: string;
  send: (text: string) => Promise<void>;
  show?: (picture: Blob) => Promise<void>;
  typing?: (text: string) => void;
};

function Field({ id, kind, label, send, show, typing }: FieldProps) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const { drafts, setTyping } = useConsole();
  const key = `${kind} ${id}`;
  const [text, setText] = useState(drafts.get(key) ?? "");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const file = useRef<HTMLInputElement>(null);
  useEffect(() => () => setTyping(false), [setTyping]);
  const write = (value: string) => {
    setText(value);
    drafts.set(key, value);
    if (kind === "reply") setTyping(value.trim() !== "");
  };
  const attempt = async (act: () => Promise<void>) => {
    setBusy(true);
    setWrong("");
    try {
      await act();
    } catch (error) {
      setWrong(whyNot(error as Error, tell));
    }
    setBusy(false);
  };
  const submit = () => {
    if (!busy && text.trim()) void attempt(() => send(text.trim()).then(() => write(unsent(drafts.get(key) ?? "", text))));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit();
  };
  const picked = (chosen: File | undefined) => {
    if (!chosen || !show) return;
    void attempt(async () => {
      const picture = await prepared(chosen).catch(() => null);
      if (picture) await show(picture);
      else setWrong(tell("help.pictureWrong"));
    });
  };
  const isNote = kind === "note";
  return (
    <div className={classes.field} data-kind={kind}>
      <Textarea
        id={`support-${kind}`}
        autosize
        minRows={isNote ? 1 : 2}
        maxRows={8}
        maxLength={4000}
        label={label}
        value={text}
        error={wrong}
        onChange={(event) => {
          write(event.currentTarget.value);
          typing?.(event.currentTarget.value);
        }}
        onKeyDown={keys}
      />
      <div className={classes.fieldButtons}>
        {show && (
          <>
            <Button variant="default" leftSection={<IconPhoto size={18} aria-hidden />} disabled={busy} onClick={() => file.current?.click()}>
              {t("show")}
            </Button>
            <input
              ref={file}
              type="file"
              hidden
              accept="image/png,image/jpeg,image/webp"
              aria-label={t("show")}
              onChange={(event) => {
                picked(event.currentTarget.files?.[0]);
                event.currentTarget.value = "";
              }}
            />
          </>
        )}
        <Button
          variant={isNote ? "default" : "filled"}
          leftSection={isNote ? <IconLock size={18} aria-hidden /> : <IconSend size={18} aria-hidden />}
          loading={busy}
          disabled={!text.trim()}
          onClick={submit}
        >
          {t(isNote ? "keepNote" : "send")}
        </Button>
      </div>
    </div>
  );
}
