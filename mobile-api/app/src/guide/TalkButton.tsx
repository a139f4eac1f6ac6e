import { Button } from "@mantine/core";
import { IconLifebuoy } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api } from "../api/client";
import { helpQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { useHome } from "../shell/HomeContext";
import { moment } from "../time/words";
import classes from "./Guide.module.css";
import type { Walk } from "./walk";

type Props = { walk: Walk; word: string; main?: boolean };

/** A person, in one tap: nothing need be written. */
export function TalkButton({ walk, word, main = false }: Props) {
  const { t } = useTranslation();
  const { id: home, words, line } = useHome();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const send = async () => {
    setBusy(true);
    try {
      const screen = `${window.location.pathname}/${walk.node}`.slice(0, 200);
      const made = await answer(api.POST("/homes/{home}/help-requests", { params: { path: { home } }, body: { screen } }));
      setSaid(t("help.sent", { time: moment(new Date(made.at), new Date(), words.reader) }));
      await client.invalidateQueries({ queryKey: helpQuery(home).queryKey });
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
