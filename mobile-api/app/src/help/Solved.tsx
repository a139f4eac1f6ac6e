import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Case } from "../api/client";
import { casesQuery } from "../api/query";
import { whyNot } from "../change/failure";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import classes from "./Help.module.css";

/** Was it solved? Two buttons, once a person has finished; before, a way to say that nobody is needed any more. */
export function Solved({ request, locked }: { request: Case; locked: boolean }) {
  const { t } = useTranslation();
  const { id: home } = useHome();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const judge = async (solved: boolean) => {
    setBusy(true);
    setWrong("");
    try {
      await answer(api.POST("/homes/{home}/cases/{case}/close", { params: { path: { home, case: request.id } }, body: { solved } }));
    } catch (error) {
      setWrong(whyNot(error as Error, t));
    }
    await client.invalidateQueries({ queryKey: casesQuery(home).queryKey });
    setBusy(false);
  };
  const alert = <div role="alert">{wrong && <p className={classes.wrong}>{wrong}</p>}</div>;
  if (request.state !== "closed") {
    return (
      <>
        <Button variant="subtle" loading={busy} disabled={locked} onClick={() => void judge(true)}>
          {t("help.never")}
        </Button>
        {alert}
      </>
    );
  }
  return (
    <Section title={request.solved === "yes" ? t("help.thanks") : t("help.wasSolved")} hint={request.summary ? `${t("help.summary")}: ${request.summary}` : ""}>
      <div className={classes.buttons}>
        {request.solved !== "yes" && (
          <Button loading={busy} disabled={locked} onClick={() => void judge(true)}>
            {t("help.yes")}
          </Button>
        )}
        <Button variant="default" loading={busy} disabled={locked} onClick={() => void judge(false)}>
          {t("help.no")}
        </Button>
      </div>
      {alert}
    </Section>
  );
}
