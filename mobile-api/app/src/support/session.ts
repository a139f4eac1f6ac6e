import type { TFunction } from "i18next";
import type { SupportSession } from "../api/client";
import type { Scope } from "../consent/visit";
import { clock, type Reader } from "../time/words";

/** The session of a case that counts: the one that lives or waits, else the one that was known last. */
export function sessionOf(list: readonly SupportSession[], kase: string): SupportSession | undefined {
  const own = list.filter((one) => one.case === kase);
  return own.find(({ state }) => state === "active") ?? own[0];
}

/** A question that waits beside a session that lives: more was asked for. */
export function waitingOf(list: readonly SupportSession[], kase: string): SupportSession | undefined {
  return list.find((one) => one.case === kase && one.state === "asked");
}

export function allows(session: SupportSession | undefined, scope: Scope): boolean {
  return session?.state === "active" && session.scopes.includes(scope);
}

/** "0:40", since a moment. */
export function sinceWords(at: string, now: Date): string {
  return leftWords(Math.max(0, Math.floor((now.getTime() - Date.parse(at)) / 1000)));
}

/** "11:05" that are left, counted from when it was heard. */
export function leftWords(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** How a session ended, or why there is none; "" while it lives or waits. */
export function overWords(session: SupportSession, t: TFunction<"support">, reader: Reader): string {
  if (session.state === "refused") return t("consentNo");
  if (session.state !== "ended") return "";
  const time = clock(new Date(session.ended ?? session.asked), reader);
  const by = session.endedBy ?? "deadline";
  if (!session.started) return t(by === "staff" || by === "replaced" ? "withdrawn" : "noAnswer");
  return t(`over_${by}`, { time });
}
