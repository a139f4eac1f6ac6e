import { Button, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";
import { useAtVisit } from "./VisitContext";

/** Remarks; what is typed is kept from the first letter on. */
export function Notes() {
  const { t } = useTranslation("field");
  const { visit, drafts, draft, spend, deed } = useAtVisit();
  const text = drafts.note ?? "";
  const add = async () => {
    await deed("note", { text: text.trim() });
    spend("note", text);
  };
  return (
    <section className={classes.card} aria-label={t("report.notes")}>
      <h2>{t("report.notes")}</h2>
      {visit.notes.length > 0 && (
        <ul className={classes.list}>
          {visit.notes.map((note) => (
            <li key={note.at + note.text}>{note.text}</li>
          ))}
        </ul>
      )}
      {!visit.signed && (
        <>
          <Textarea
            size="lg"
            autosize
            minRows={2}
            maxLength={1000}
            label={t("report.note")}
            value={text}
            onChange={(event) => draft("note", event.currentTarget.value)}
          />
          <Button variant="default" disabled={!text.trim()} onClick={() => void add()}>
            {t("report.addNote")}
          </Button>
        </>
      )}
    </section>
  );
}
