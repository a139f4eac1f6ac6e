import { Button } from "@mantine/core";
import { IconMessageCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { casesQuery, helpDeskQuery } from "../api/query";
import { Section } from "../person/Section";
import { useHome } from "../shell/HomeContext";
import { Contact } from "./Contact";
import classes from "./Help.module.css";
import { useTalk } from "./useTalk";
import { deskWords, stateWords, waitWords } from "./words";

/** A person, above all else and in one tap; or the request that is open already. */
export function TalkCard() {
  const { t } = useTranslation();
  const { id, words, line } = useHome();
  const { data: desk } = useQuery({ ...helpDeskQuery(id), refetchInterval: 60_000 });
  const { data: cases } = useQuery(casesQuery(id));
  const { talk, busy, wrong } = useTalk(id);
  const offline = line === "offline" || line === "away";
  const open = cases?.find(({ state }) => state === "waiting" || state === "taken");
  return (
    <Section title={t("help.talk")} hint={open ? stateWords(open, words) : t("help.lead")}>
      {open ? (
        <Link to="/help/case/$case" params={{ case: open.id }} className={classes.main}>
          <IconMessageCircle size={22} aria-hidden />
          {t("help.talkTitle")}
        </Link>
      ) : (
        <Button size="lg" fullWidth leftSection={<IconMessageCircle size={22} aria-hidden />} loading={busy} disabled={offline} onClick={() => void talk()}>
          {t("help.talk")}
        </Button>
      )}
      {offline ? (
        <p className={classes.quiet}>{t("help.offline")}</p>
      ) : (
        desk && (
          <p className={classes.quiet} data-open={desk.open}>
            {deskWords(desk, words)} {desk.wait !== undefined && !open && t("help.wait", { wait: waitWords(desk.wait) })}
          </p>
        )
      )}
      {wrong && (
        <p role="alert" className={classes.wrong}>
          {wrong}
        </p>
      )}
      <Contact />
    </Section>
  );
}
