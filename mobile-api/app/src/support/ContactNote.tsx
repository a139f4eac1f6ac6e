import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type StaffCase } from "../api/client";
import { whyNot } from "../change/failure";
import { moment } from "../time/words";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";

type Props = { id: string; note: StaffCase["contact"]; after: () => Promise<void> };

/** What is good to know of this customer, also next time. */
export function ContactNote({ id, note, after }: Props) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const { words, drafts } = useConsole();
  const key = `contact ${id}`;
  const [text, setText] = useState<string | null>(drafts.get(key) ?? null); // null: as it is kept
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const write = (now: string | null) => {
    setText(now);
    if (now === null) drafts.delete(key);
    else drafts.set(key, now);
  };
  const save = async () => {
    setBusy(true);
    setWrong("");
    try {
      await answer(api.PUT("/staff/cases/{case}/contact", { params: { path: { case: id } }, body: { text: text ?? "" } }));
      await after();
      if (drafts.get(key) === text) write(null); // else somebody wrote on
    } catch (error) {
      setWrong(whyNot(error as Error, tell));
    }
    setBusy(false);
  };
  const by = note ? t("contactBy", { name: note.by, time: moment(new Date(note.at), words.now, words.reader) }) : t("contactHint");
  return (
    <section>
      <Textarea
        autosize
        minRows={1}
        maxLength={2000}
        label={t("contact")}
        description={by}
        value={text ?? note?.text ?? ""}
        error={wrong}
        onChange={(event) => write(event.currentTarget.value)}
      />
      {text !== null && text !== (note?.text ?? "") && (
        <Button className={classes.small} variant="default" loading={busy} onClick={() => void save()}>
          {t("save")}
        </Button>
      )}
    </section>
  );
}
