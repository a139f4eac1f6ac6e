import { expect, test } from "vitest";
import type { QueueRow, SupportSession } from "../api/client";
import { Refusal, Unreachable } from "../api/refusal";
import en from "../i18n/en/support";
import { actOf } from "./keys";
import { isReady, linesOf, questionOf, verdict } from "./measure";
import { noProposalWords } from "./proposing";
import { isUnread, neighbour, readersOf, tabsOf, wanted } from "./queue";
import { allows, overWords, sessionOf, sinceWords, waitingOf } from "./session";
import { changeWords, eventWords, findingWords, heldWords, lastWords, stateWords, waitedWords } from "./words";

const t = ((key: string, values: Record<string, string> = {}) => {
  const text = (en as unknown as Record<string, string>)[key] ?? key;
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? "");
}) as never;
const words = { t, now: new Date("2026-11-21T18:00:00Z"), reader: { language: "en", locale: "en-GB", zone: "Europe/Paris" } as const };

const row = (id: string, more: Partial<QueueRow> = {}): QueueRow => ({
  id, at: "2026-11-21T17:50:00Z", state: "waiting", screen: "/tv", text: "", language: "fr", skill: "tv", home: "h", homeName: "City", name: "Ada",
  due: false, lastAt: "2026-11-21T17:50:00Z", ...more,
});
const julie = { id: "j", name: "Julie" };

test("the queue shows what somebody takes, and never hides what is theirs, offered to them, or open", () => {
  const rows = [
    row("fr-tv"), row("en-tv", { language: "en" }), row("fr-hours", { skill: "hours" }), row("held", { language: "en", state: "taken", agent: julie }),
    row("offered", { language: "en", offer: { from: { id: "m", name: "Marc" }, to: julie, reason: "r", tried: "t", expires: "2026-11-21T18:01:00Z" } }),
  ];
  const ids = (taking: { languages: string[]; skills: string[] }, open = "") => wanted(rows, taking, "j", open).map(({ id }) => id);
  expect(ids({ languages: [], skills: [] })).toHaveLength(5);
  expect(ids({ languages: ["fr"], skills: ["tv"] })).toEqual(["fr-tv", "held", "offered"]);
  expect(ids({ languages: ["fr"], skills: ["tv"] }, "fr-hours")).toContain("fr-hours");
});

test("J and K go one case further, and stay at the ends", () => {
  const rows = [row("a"), row("b"), row("c")];
  expect([neighbour(rows, "", 1), neighbour(rows, "a", 1), neighbour(rows, "c", 1), neighbour(rows, "a", -1)]).toEqual(["a", "b", "c", "a"]);
  expect(neighbour([], "a", 1)).toBe("");
});

test("a key does nothing while somebody writes, holds another key, or a dialog is open", () => {
  const pressed = (key: string, within = "") => ({
    key, ctrlKey: false, metaKey: false, altKey: false, target: { closest: (selector: string) => within !== "" && selector.includes(within) } as never,
  });
  expect([actOf(pressed("j")), actOf(pressed("K")), actOf(pressed("?"))]).toEqual(["next", "previous", "keys"]);
  expect([actOf(pressed("j", "textarea")), actOf(pressed("r", "[role=dialog]")), actOf(pressed("x"))]).toEqual([null, null, null]);
  expect(actOf({ ...pressed("r"), ctrlKey: true })).toBeNull();
  expect([actOf(pressed("1")), actOf(pressed("9")), actOf(pressed("0")), actOf(pressed("2", "input"))]).toEqual(["tab", "tab", null, null]);
});

test("tabs are one's own cases; readers are the others", () => {
  const rows = [row("late", { state: "taken", agent: julie, at: "2026-11-21T17:59:00Z" }), row("early", { state: "taken", agent: julie }), row("x")];
  expect(tabsOf(rows, "j").map(({ id }) => id)).toEqual(["early", "late"]);
  const desk = (id: string, typing: boolean) => ({ id, name: id.toUpperCase(), role: "support", case: "c", typing, languages: [], skills: [] }) as const;
  expect(readersOf([{ ...desk("j", true) }, { ...desk("m", true) }, { ...desk("n", false) }] as never, "c", "j")).toEqual({ reads: ["M", "N"], writes: ["M"] });
});

test("what nobody has answered is unread", () => {
  expect(isUnread(row("a"))).toBe(true);
  expect(isUnread(row("a", { state: "taken" }))).toBe(false);
  expect(isUnread(row("a", { state: "taken", lastFrom: "customer" }))).toBe(true);
  expect(isUnread(row("a", { lastFrom: "staff" }))).toBe(false);
});

test("a row says how long, how far, and what they did last", () => {
  expect(waitedWords("2026-11-21T17:48:10Z", words)).toBe("11\u00a0min");
  expect(waitedWords("2026-11-21T17:59:30Z", words)).toBe("just now");
  expect(stateWords(row("a", { state: "taken", agent: julie }), words)).toBe("with Julie");
  expect(lastWords(row("a", { last: { guide: "g", node: "n", question: "On a cable?", answer: "No" } }), t)).toBe("On a cable? – No");
  expect(lastWords(row("a", { step: { at: "", screen: "/tv", did: "failed", detail: "stale" } }), t)).toBe("/tv failed: stale");
  expect(lastWords(row("a"), t)).toBe("/tv");
});

test("a change is called by its kind, whatever it was", () => {
  const by = (name: string, code: string) => changeWords({ name, change: { code, subject: "" } }, t);
  expect(by("Ada", "pause")).toBe("Ada: a pause");
  expect(by("Ada", "schedule-removed")).toBe("Ada: offline hours");
  expect(by("Ada", "devices")).toBe("Ada: a device");
  expect(by("Ada", "undo-visit")).toBe("Ada: a change undone");
  expect(by("", "renumber")).toBe("Carebox: rules of the home");
});

test("a change tells both who made it and for whom, and whether it was undone", () => {
  const change = { code: "pause", subject: "zoe" };
  const act = { staff: "j", name: "Julie", session: "s1", approved: false };
  expect(changeWords({ name: "Ada", act, change }, t)).toBe("Julie for Ada: a pause");
  expect(changeWords({ name: "Ada", act: { ...act, name: "" }, change }, t)).toBe("Someone of support for Ada: a pause");
  const held = (inForce: boolean, undone: boolean) => heldWords({ inForce, undone }, t);
  expect([held(true, false), held(false, false), held(false, true)]).toEqual(["in force", "not in force", "undone since"]);
});

test("what a guide found is told in its sentence, never by a word of the vocabulary", () => {
  expect(findingWords({ question: "On a cable?", answer: "No" })).toEqual({ question: "On a cable?", said: "No" });
  expect(findingWords({ question: "signal", result: "La box entend bien TV (−54 dBm)." })).toEqual({ question: "", said: "La box entend bien TV (−54 dBm)." });
  expect(findingWords({ question: "radar", result: "unknown" })).toBeNull();
  expect(findingWords({ question: "joined", result: "long-ago" })).toBeNull();
  expect(lastWords(row("a", { last: { guide: "g", node: "radar", question: "radar", result: "unknown" } }), t)).toBe("/tv");
});

test("what happened has words for staff, whatever it is", () => {
  const event = (code: string, text = "") => eventWords({ number: 1, at: "", from: "system", name: "Julie", code, text } as never, words);
  expect(event("returned", "away")).toBe("Back to the queue: Julie was away");
  expect(event("callback", "2026-11-21T18:30:00Z")).toBe("Wants to be called 19:30");
  for (const code of ["taken", "offered", "declined", "expired", "promised", "closed", "solved", "reopened", "asked", "no-call", "called"]) {
    expect(event(code)).not.toBe("");
  }
  expect(event("of-tomorrow")).toBe("");
});

const session = (more: Partial<SupportSession> = {}): SupportSession => ({
  id: "s1", case: "c1", home: "h", homeName: "City", customer: { id: "a", name: "Ada" }, staff: { id: "j", name: "Julie" }, askedScopes: ["see"],
  askedMinutes: 15, reason: "r", state: "asked", scopes: [], minutes: 0, asked: "2026-11-21T17:59:20Z", left: 560, recording: { on: false, until: "2026-12-22T18:00:00Z", full: false }, ...more,
});

test("the session that lives counts before the question for more, and what it allows is what was granted", () => {
  const live = session({ id: "s0", state: "active", scopes: ["see"], started: "2026-11-21T17:50:00Z" });
  const list = [session({ askedScopes: ["see", "change"] }), live, session({ id: "x", case: "c2" })];
  expect(sessionOf(list, "c1")?.id).toBe("s0");
  expect(waitingOf(list, "c1")?.id).toBe("s1");
  expect(sessionOf(list, "c3")).toBeUndefined();
  expect([allows(live, "see"), allows(live, "change"), allows(session({ scopes: ["see"] }), "see")]).toEqual([true, false, false]);
  expect(sinceWords("2026-11-21T17:59:20Z", words.now)).toBe("0:40");
});

test("who ended it is said, and a question that nobody answered is no session that ended", () => {
  const ended = session({ state: "ended", started: "2026-11-21T17:50:00Z", ended: "2026-11-21T17:21:00Z", endedBy: "customer" });
  expect(overWords(ended, t, words.reader)).toMatch(/^The customer stopped at 18:21\. Nothing can be seen/);
  expect(overWords({ ...ended, endedBy: "box" }, t, words.reader)).toContain("the box's own page");
  expect(overWords(session({ state: "refused" }), t, words.reader)).toContain("not now");
  expect(overWords(session({ state: "ended", endedBy: "deadline" }), t, words.reader)).toContain("did not answer");
  expect(overWords(session(), t, words.reader)).toBe("");
});

test("a measurement is one sentence once it is over, and a refusal says why", () => {
  const replies = [{ seq: 1, data: { seq: 1, rtt: 4.2, from: "192.0.2.1" } }, { seq: 2, data: { address: "192.0.2.1", sent: 1, received: 1, avg: 4.25, max: 4.25 } }];
  const deep = ((key: string, values: Record<string, string> = {}) => {
    const text = (en.measure as Record<string, string>)[key.replace("measure.", "")] ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]));
  }) as never;
  expect(verdict({ kind: "ping", state: "running", results: replies.slice(0, 1) }, deep)).toBe("");
  expect(verdict({ kind: "ping", state: "done", results: replies }, deep)).toBe("1 of 1 answers, 4.3 ms on average, 4.3 ms at worst.");
  const near = [{ seq: 1, data: { sent: 5, received: 5, avg: 0.034, max: 1.02 } }];
  expect(verdict({ kind: "ping", state: "done", results: near }, deep)).toBe("5 of 5 answers, 0.03 ms on average, 1.0 ms at worst.");
  const name = [{ seq: 1, data: { code: "NOERROR", rtt: 0.41, answers: [] } }];
  expect(verdict({ kind: "dns", state: "done", results: name }, deep)).toContain("0.41");
  expect(verdict({ kind: "ping", state: "done", error: "grant-ended", results: [] }, deep)).toBe("The box says no: the session is over.");
  expect(linesOf("ping", replies.slice(0, 1))).toEqual(["seq 1 · rtt 4.2 · from 192.0.2.1"]);
  expect(linesOf("firewall", [{ seq: 1, data: { name: "iptables", text: "-A x\n-A y\n" } }, { seq: 2, data: {} }])).toEqual(["# iptables", "-A x", "-A y"]);
  expect(questionOf("ping", " example.org ")).toEqual({ kind: "ping", seconds: 30, args: { host: "example.org" } });
  expect([isReady("ping", " "), isReady("http", "https://"), isReady("http", "https://a.example"), isReady("log", "")]).toEqual([false, false, true, true]);
});

test("why nothing could be proposed is said as an agent needs it, and what is the same for all is left to others", () => {
  const why = (status: number, body: object) => noProposalWords(new Refusal(new Response(null, { status }), body), t);
  expect(why(404, { code: "not-found" })).toBe(en.noProposal_gone);
  expect(why(412, { code: "stale" })).toBe(en.noProposal_stale);
  expect(why(429, { code: "support-busy" })).toBe(en.noProposal_many);
  expect(why(409, { code: "last-owner" })).toBe(en.noProposal_owner);
  expect(why(422, { code: "invalid", problems: [{ code: "last-owner", field: "value.role", detail: "" }] })).toBe(en.noProposal_owner);
  expect(why(422, { code: "invalid", problems: [{ code: "nothing", field: "", detail: "" }] })).toBeNull();
  expect(why(403, { code: "support-over" })).toBeNull();
  expect(noProposalWords(new Unreachable(null), t)).toBeNull();
});
