import { Button } from "@mantine/core";
import { IconLifebuoy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { whyNot } from "../change/failure";
import { askForPerson } from "../help/ask";
import { useHome } from "../shell/HomeContext";
import { type Language, moment } from "../time/words";
import classes from "./Guide.module.css";
import { findingsOf } from "./finding";
import type { Guide } from "./tree";
import type { Walk } from "./walk";

type Props = { guide: Guide; walk: Walk; names: Record<string, string>; word: string; main?: boolean };

/** A person, in one tap: nothing need be written, and what was answered and measured goes with it. */
export function TalkButton({ guide, walk, names, word, main = false }: Props) {
  const { t, i18n } = useTranslation();
  const { id: home, words, line } = useHome();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const send = async () => {
    setBusy(true);
    try {
      const findings = findingsOf(guide, walk, names, i18n.language as Language);
      const made = await askForPerson(home, { findings });
      setSaid(t("help.sent", { time: moment(new Date(made.at), new Date(), words.reader) }));
    } catch (error) {
      setSaid(whyNot(error as Error, t));
    }
    setBusy(false);
  };
  return (
    <>
      <Button
        size={main ? "lg" : "md"}
        variant={main ? "filled" : "light"}
        leftSection={<IconLifebuoy size={22} aria-hidden />}
        loading={busy}
        disabled={line === "offline"}
        onClick={() => void send()}
      >
        {word}
      </Button>
      {said && (
        <p role="status" className={classes.quiet}>
          {said}
        </p>
      )}
    </>
  );
}
