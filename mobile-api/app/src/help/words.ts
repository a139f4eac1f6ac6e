import type { TFunction } from "i18next";
import type { Case, CaseMessage, HelpDesk } from "../api/client";
import { moment, type Reader, span } from "../time/words";

export type Words = { t: TFunction<"words">; reader: Reader; now: Date };

/** How far a request has come, in a line. */
export function stateWords({ state, agent, promise, at, closedAt, solved }: Case, { t, reader, now }: Words): string {
  const time = (text: string | undefined) => moment(new Date(text ?? at), now, reader);
  const name = agent?.name ?? "";
  switch (state) {
    case "taken":
      return t("help.state_taken", { name });
    case "promised":
      return t("help.state_promised", { name, time: time(promise?.at) });
    case "closed":
      return t(solved === "yes" ? "help.state_solved" : "help.state_closed", { time: time(closedAt) });
    default:
      return t("help.state_waiting", { time: time(at) });
  }
}

/** What has happened, as its customer reads it; "" for what is not theirs. */
export function eventWords({ code, name, text }: CaseMessage, { t, reader, now }: Words): string {
  switch (code) {
    case "taken":
      return t("help.taken", { name });
    case "returned":
      return t("help.returned");
    case "promised":
      return t("help.promisedLine", { name, what: text ?? "" });
    case "callback":
      return t("help.callback", { time: moment(new Date(text ?? ""), now, reader) });
    case "no-call":
      return t("help.noCall");
    case "called":
      return t("help.called", { name });
    case "closed":
      return t("help.closedLine", { name });
    case "solved":
      return t("help.solved");
    case "reopened":
      return t("help.reopened");
    case "asked":
      return t("help.asked");
    default:
      return "";
  }
}

/** Seconds as a person would say them: never more exact than minutes. */
export function waitWords(seconds: number): string {
  return span(Math.max(1, Math.ceil(seconds / 60)));
}

/** Whether somebody is there, until when, or from when. */
export function deskWords({ open, until, opens }: HelpDesk, { t, reader, now }: Words): string {
  if (open) return until ? t("help.openUntil", { time: moment(new Date(until), now, reader) }) : t("help.open");
  return opens ? t("help.closedUntil", { time: moment(new Date(opens), now, reader) }) : t("help.closed");
}

/** What a waiting customer is told: an honest estimate, or that it has become longer. */
export function waitingWords({ at, estimate }: Case, { t, now }: Words): string {
  if (estimate === undefined) return t("help.waitUnknown");
  const waited = Math.max(0, (now.getTime() - Date.parse(at)) / 1000); // by a clock that may be behind
  if (waited <= estimate) return t("help.wait", { wait: waitWords(estimate - waited) });
  return t("help.waitLonger", { wait: waitWords(waited) });
}

/** What went with a request, as a list of words. */
export function sentWith({ journey, findings }: Case, { t, reader }: Words, box: boolean): string {
  const parts: string[] = [t("help.with_screen")];
  if (journey.length > 1) parts.push(t("help.with_journey"));
  if (findings.length > 0) parts.push(t("help.with_findings"));
  if (box) parts.push(t("help.with_box"));
  return t("help.sentWith", { what: new Intl.ListFormat(reader.locale).format(parts) });
}
