import type { TFunction } from "i18next";
import { didWords } from "../activity/did";
import type { AuditLine, Change } from "../api/client";
import type { Context } from "../home/sentence";
import type en from "../i18n/en/consent";
import { moment } from "../time/words";
import { memberChange } from "./proposal";

type Verb = keyof (typeof en)["audit"];
type Words = TFunction<"words">;

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** One line of the account, as a person reads it: who, what, by which right. */
export function lineWords(line: AuditLine, words: Context): string {
  const { t } = words;
  const detail = line.detail ?? {};
  const name = line.actor?.name || t(line.kind === "box" ? "audit.theBox" : line.kind === "system" ? "activity.carebox" : "consent.someone");
  const placed = line.verb === "change" ? memberChange(detail.code) : null;
  if (placed) return t(`audit.change_${placed}`, { name });
  const change: Change = { code: text(detail.code) || "changed", subject: text(detail.subject) };
  const what = didWords({ actor: { member: "", name, from: "" }, change }, words);
  if (line.verb === "change" || line.verb === "undo") return what;
  const people = { name, from: whoWords(detail.from, t), to: whoWords(detail.to, t) };
  const count = typeof detail.screens === "number" ? detail.screens : 0;
  const values = { ...people, count, kind: kindWords(text(detail.kind), t), time: timeWords(detail.at, words) };
  const own = t(`audit.${line.verb}_${text(detail.why)}` as "audit.query", { defaultValue: "", ...values });
  const known = own || t(`audit.${line.verb as Verb}`, { defaultValue: "", ...values });
  return known || t("audit.other", { name, verb: line.verb });
}

function whoWords(who: unknown, t: Words): string {
  const name = typeof who === "object" && who !== null && "name" in who ? text(who.name) : "";
  return name || t("consent.someone");
}

function timeWords(at: unknown, { now, reader }: Context): string {
  const time = new Date(text(at));
  return Number.isNaN(time.getTime()) ? "" : moment(time, now, reader);
}

function kindWords(kind: string, t: Words): string {
  return t(`audit.kind_${kind}` as "audit.kind_ping", { defaultValue: "" }) || t("audit.kind_other");
}

/** By which right: with consent, approved word by word, or the operator's own work. */
export function rightWords({ via }: AuditLine, t: Words): string {
  const known = { self: "audit.via_self", support: "audit.via_support", "support+approved": "audit.via_approved", staff: "audit.via_staff" } as const;
  return via in known ? t(known[via as keyof typeof known]) : "";
}
