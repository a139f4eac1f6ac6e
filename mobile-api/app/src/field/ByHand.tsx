import { Button, TextInput } from "@mantine/core";
import { type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Field.module.css";
import { inGroups } from "./label";
import { useAtVisit } from "./VisitContext";

/** The serial, typed from the label, and shown in groups to be compared with it. */
export function ByHand({ found }: { found: (typed: string) => void }) {
  const { t } = useTranslation("field");
  const { drafts, draft } = useAtVisit();
  const typed = drafts.serial ?? "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim()) found(typed);
  };
  return (
    <form className={classes.card} onSubmit={submit}>
      <TextInput
        size="lg"
        label={t("scan.serial")}
        description={t("scan.serialHint")}
        value={typed}
        maxLength={63}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        onChange={(event) => draft("serial", event.currentTarget.value)}
      />
      <div className={classes.groups} aria-hidden>
        {inGroups(typed.trim()).map((group, n) => (
          <span key={n}>{group}</span>
        ))}
      </div>
      <Button type="submit" variant="default" disabled={!typed.trim()}>
        {t("scan.check")}
      </Button>
    </form>
  );
}
