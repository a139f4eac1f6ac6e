import type { TFunction } from "i18next";
import { didWords } from "../activity/did";
import type { AuditLine, Change, Kin } from "../api/client";
import type { Context } from "../home/sentence";
import type en from "../i18n/en/consent";
import { moment } from "../time/words";
import { memberChange } from "./proposal";

type Verb = keyof (typeof en)["audit"];
type Words = TFunction<"words">;

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** One line of the account, as a person reads it: who did what. A member whom a line names by id only is found in the family. */
export function lineWords(line: AuditLine, words: Context, family: readonly Kin[]): string {
  const { t } = words;
  const detail = line.detail ?? {};
  const name = line.actor?.name || t(line.kind === "box" ? "audit.theBox" : line.kind === "system" ? "activity.carebox" : "consent.someone");
  const placed = line.verb === "change" ? memberChange(detail.code) : null;
  const member = family.find(({ id }) => id === detail.subject);
  if (placed === "member" && member) return t("audit.change_memberOf", { name, member: member.name });
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

/** By which right: somebody of the home themselves, with consent, approved word by word, or the operator's own work. */
export function rightWords({ via, actor, approved }: AuditLine, family: readonly Kin[], t: Words): string {
  const kin = (id: string | undefined) => family.find((one) => one.id === id);
  switch (via) {
    case "self":
      return t(kin(actor?.id)?.me ? "audit.via_self" : "audit.via_member");
    case "support":
      return t("audit.via_support");
    case "support+approved": {
      const member = kin(approved);
      if (member?.me) return t("audit.via_approved");
      return member ? t("audit.via_approvedBy", { name: member.name }) : t("audit.via_approvedBySomeone");
    }
    case "staff":
      return t("audit.via_staff");
    default:
      return "";
  }
}
