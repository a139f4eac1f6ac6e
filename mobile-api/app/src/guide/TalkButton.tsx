import { Button } from "@mantine/core";
import { IconLifebuoy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useTalk } from "../help/useTalk";
import { useHome } from "../shell/HomeContext";
import type { Language } from "../time/words";
import classes from "./Guide.module.css";
import { findingsOf } from "./finding";
import type { Guide } from "./tree";
import type { Walk } from "./walk";

type Props = { guide: Guide; walk: Walk; names: Record<string, string>; word: string; main?: boolean };

/** A person, in one tap: nothing need be written, and what was answered and measured goes with it. */
export function TalkButton({ guide, walk, names, word, main = false }: Props) {
  const { i18n } = useTranslation();
  const { id, line } = useHome();
  const { talk, busy, wrong } = useTalk(id);
  return (
    <>
      <Button
        size={main ? "lg" : "md"}
        variant={main ? "filled" : "light"}
        leftSection={<IconLifebuoy size={22} aria-hidden />}
        loading={busy}
        disabled={line === "offline"}
        onClick={() => void talk(findingsOf(guide, walk, names, i18n.language as Language))}
      >
        {word}
      </Button>
      {wrong && (
        <p role="alert" className={classes.quiet}>
          {wrong}
        </p>
      )}
    </>
  );
}
