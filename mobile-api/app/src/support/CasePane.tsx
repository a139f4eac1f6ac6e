import { Button } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Refusal } from "../api/refusal";
import { whyNot } from "../change/failure";
import { Chat } from "../help/Chat";
import { Typing } from "../help/Typing";
import { Waiting } from "../shell/Waiting";
import { moment } from "../time/words";
import { CaseActions } from "./CaseActions";
import { CaseRecordings } from "./CaseRecordings";
import { CentrePane } from "./CentrePane";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { ContextCard } from "./ContextCard";
import { readersOf } from "./queue";
import { staffCaseQuery } from "./query";
import { StaffComposer } from "./StaffComposer";
import { eventWords, skillWords, stateWords, waitedWords } from "./words";

/** One case: what is known and done in the middle, what is said at the side. */
export function CasePane({ id }: { id: string }) {
  const { t } = useTranslation("support");
  const { t: tell } = useTranslation();
  const { me, words, desks } = useConsole();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(staffCaseQuery(id));
  if (!data) {
    if (!error) return <Waiting />;
    return (
      <main className={classes.none}>
        <p>{error instanceof Refusal ? whyNot(error, tell) : tell("change.unreachable")}</p>
        <Button variant="default" onClick={() => void refetch()}>
          {t("again")}
        </Button>
      </main>
    );
  }
  const { case: one, said, name, homeName, skill } = data;
  const { reads, writes } = readersOf(desks, id, me.id);
  const after = () => client.invalidateQueries({ queryKey: ["staff"] });
  const mine = one.state === "taken" && one.agent?.id === me.id;
  const customer = { t: tell, reader: words.reader, now: words.now };
  return (
    <>
      <main className={classes.centre} id="content">
        <Link to="/support" search={{}} className={classes.back}>
          <IconChevronLeft size={20} aria-hidden />
          {t("queue")}
        </Link>
        <div className={classes.title}>
          <h2>{t("of", { name, home: homeName })}</h2>
          <p>
            <strong>{waitedWords(one.at, words)}</strong> {t("since", { time: moment(new Date(one.at), words.now, words.reader) })} ·{" "}
            {skillWords(skill, t)} · {one.language} · {stateWords(one, words)}
          </p>
          <p role="status" className={classes.readers}>
            {writes.length > 0 ? t("writes", { names: writes.join(", "), count: writes.length }) : reads.length > 0 ? t("reads", { names: reads.join(", "), count: reads.length }) : ""}
          </p>
        </div>
        <CaseActions data={data} mine={mine} after={after} />
        <CentrePane data={data} mine={mine} after={after} />
        <CaseRecordings id={id} mine={mine} />
      </main>
      <aside className={classes.side} aria-label={t("chat")}>
        <ContextCard data={data} after={after} />
        <h3>{t("chat")}</h3>
        <Chat
          said={said}
          words={customer}
          side="staff"
          picture={(picture) => `/api/staff/cases/${id}/pictures/${picture}`}
          secret={t("notePrivate")}
          event={(message) => eventWords(message, words)}
        />
        {mine && <Typing id={id} newest={said.at(-1)?.number} text={tell("help.writes", { name })} />}
        <StaffComposer id={id} name={name} mine={mine} after={after} />
      </aside>
    </>
  );
}
