import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { StaffCase } from "../api/client";
import { moment } from "../time/words";
import classes from "./Console.module.css";
import { useConsole } from "./ConsoleContext";
import { ContactNote } from "./ContactNote";
import { changeWords, findingWords, heldWords, stateWords, stepWords } from "./words";

/** What is known before a word is said: open, so that nobody has to tell it again. */
export function ContextCard({ data, after }: { data: StaffCase; after: () => Promise<void> }) {
  const { t } = useTranslation("support");
  const { words } = useConsole();
  const { reader, now } = words;
  const { case: one, changes, earlier } = data;
  const found = one.findings.map(findingWords).filter((finding) => finding !== null);
  const time = (at: string) => moment(new Date(at), now, reader);
  return (
    <details className={classes.card} open>
      <summary>{t("context")}</summary>
      {one.text && <p>{t("own", { text: one.text })}</p>}
      <Part title={t("findings")} empty={found.length === 0}>
        {found.map(({ question, said }, i) => (
          <li key={`${i}${question}`}>
            {question} {said && <strong>{said}</strong>}
          </li>
        ))}
      </Part>
      <Part title={t("journey")} empty={one.journey.length === 0}>
        {one.journey.slice(-8).map((step) => (
          <li key={step.at + step.screen + step.did}>
            {step.screen} {stepWords(step, words.t)} <small>{time(step.at)}</small>
          </li>
        ))}
      </Part>
      {one.state !== "closed" && (
        <Part title={t("changes")} empty={changes.length === 0}>
          {changes.map((change) => (
            <li key={change.revision}>
              {changeWords(change, words.t)} · {heldWords(change, words.t)} <small>{time(change.at)}</small>
            </li>
          ))}
        </Part>
      )}
      <Part title={t("earlier")} empty={earlier.length === 0}>
        {earlier.slice(0, 5).map((old) => (
          <li key={old.id}>
            <Link to="/support" search={{ case: old.id }} className={classes.old}>
              {old.name} · {stateWords({ state: old.state }, words)} {old.summary}
            </Link>{" "}
            <small>{time(old.at)}</small>
          </li>
        ))}
      </Part>
      <ContactNote id={one.id} note={data.contact} after={after} />
    </details>
  );
}

function Part({ title, empty, children }: { title: string; empty: boolean; children: ReactNode }) {
  const { t } = useTranslation("support");
  return (
    <section>
      <h4>{title}</h4>
      {empty ? <p className={classes.quiet}>{t("nothing")}</p> : <ul>{children}</ul>}
    </section>
  );
}
