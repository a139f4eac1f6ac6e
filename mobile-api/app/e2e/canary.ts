import type { Page, WebSocketRoute } from "@playwright/test";

// A home in which all that is somebody's is a canary: names, addresses, what was written, numbers of devices and of people.

export const canaries: string[] = [];

function k(place: string): string {
  const canary = `Zk${place}${((canaries.length + 1) * 6007 + 977).toString(36)}xQv`;
  canaries.push(canary);
  return canary;
}

/** Numbers of a kind, each of its own. */
function as<T extends string>(canary: T): T {
  canaries.push(canary);
  return canary;
}

const now = Date.now();
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();
const day = (days: number) => at(days * 1440).slice(0, 10);
const clock = (minutes: number) => at(minutes).slice(11, 16);
const everyDay = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

export const home = "5f0c7e57-0000-4000-8000-00000000c0de";
export const ids = { person: k("kid").toLowerCase(), device: k("phone").toLowerCase(), tv: k("tv").toLowerCase(), case: "5f0c7e57-0000-4000-8000-0000000ca5e0" };
canaries.push(ids.person, ids.device, ids.tv);

const actor = { member: "m2", name: k("author"), from: "app" };
const helped = { ...actor, from: "support", act: { staff: "j", name: k("helper"), session: "s1", approved: true } };
const allowed = { online: true, reason: { kind: "allowed", id: "" }, since: at(-90), changes: at(30) };
const cut = { online: false, reason: { kind: "schedule", id: "s1" }, since: at(-10), until: at(50) };
const macs = { phone: as("c6:f1:9d:7b:3e:a1"), tv: as("d4:8e:27:bb:60:5f"), guest: as("9a:be:ef:41:07:c3"), bssid: as("e2:5a:91:0c:f8:74") };

const row = (id: string | null, mac: string, more: object) => ({
  id, mac, name: k("row"), hostname: k("hostname"), kind: "phone", person: "", present: true, asked: allowed, inForce: { verdict: allowed, proved: true, why: "" }, ...more,
});

const figures = { signal: -71, retries: 23, rate: 144_000_000, at: at(-97) };

function channel(number: number) {
  const frequency = number < 15 ? 2407 + 5 * number : 5000 + 5 * number;
  return { number, frequency, widths: [20, 40, 80], radar: number >= 52, power: 23, busy: number % 13, noise: -95 };
}

const state = {
  home: { id: home, name: k("home") },
  asked: { revision: 12, at: at(-1), actor: helped, change: { code: "pause", subject: `person:${ids.person}` } },
  inForce: { revision: 11, at: at(-2) },
  box: {
    id: as("bx-Zkbox77341"), reachable: true, lastSeen: at(-1), reportedAt: at(-1), clock: { synchronised: false, rule: "keep-last" },
    refused: { revision: 10, code: "invalid", detail: k("refused"), problems: [{ code: "unknown-thing", field: k("field"), detail: k("problem") }], at: at(-5) },
    limitations: [{ code: "flow-offload", detail: k("limitation") }, { code: "new-kind", detail: k("limitnew") }],
  },
  delivery: "applying",
  policy: {
    zone: "Pacific/Rarotonga", unknown: "quarantine", effect: "no-internet", clock: "keep-last",
    people: [{ id: ids.person, name: k("person") }, { id: "p2", name: k("other") }],
    devices: [
      { id: ids.device, name: k("device"), kind: "phone", macs: [macs.phone], person: ids.person, effect: "no-wifi", refused: false },
      { id: ids.tv, name: k("television"), kind: "tv", macs: [macs.tv] },
    ],
    schedules: [
      { id: "s1", name: k("schedule"), for: { person: ids.person }, days: everyDay, start: clock(-10), duration: 3600 },
      { id: "s2", name: k("night"), for: { device: ids.tv }, days: ["Monday", "Friday"], start: "21:00", duration: 36_000 },
    ],
    exceptions: [
      { id: "e1", name: k("exception"), for: { person: ids.person }, date: day(0), windows: [{ start: "20:00", duration: 3600 }] },
      { id: "e2", name: k("holiday"), for: { home: true }, date: day(3), windows: [] },
    ],
    overrides: [{ id: "o1", for: { device: ids.device }, mode: "bonus", at: at(-5), until: at(25), by: k("by") }],
    budgets: [{ id: "b1", for: { person: ids.person }, days: everyDay, amount: 7_260 }],
    reservations: [{ id: "r1", name: k("reservation"), devices: [ids.tv], band: "5GHz", channel: 44, width: 80, exclusive: true, floorDown: 25_000_000, floorUp: 1_000_000, windows: [], fallback: [36] }],
  },
  devices: [
    row(ids.device, macs.phone, { person: ids.person, asked: cut }), row(ids.tv, macs.tv, { kind: "tv", inForce: { verdict: cut, proved: false, why: k("why") } }),
    row(null, macs.guest, { hostname: k("guest") }),
  ],
  radios: [
    {
      name: "wlan1", band: "5GHz", country: "FR", channel: 44, width: 80, state: "up", why: "Reservation", since: at(-95), load: 18, channels: [36, 44, 52, 100].map(channel),
      bsses: [{ interface: k("interface"), bssid: macs.bssid, ssid: k("ssid"), exclusive: true }], radar: [{ channel: 52, at: at(-12), until: at(18) }],
      stations: [{ mac: macs.tv, interface: "wlan1", signal: -54, txRate: 866_000_000, rxRate: 780_000_000, retries: 420, failed: 2, packets: 20_000, since: at(-90) }],
    },
  ],
  line: { down: 98_700_000, up: 20_000_000, source: "measured", at: at(-240) },
  reservations: [{
    id: "r1", asked: true, live: true, changes: null,
    inForce: { id: "r1", state: "rolled-back", why: "tv-lost", detail: k("detail"), channel: 44, width: 80, since: at(-95), before: figures, after: figures },
  }],
};

const person = (place: string) => ({ id: k(`${place}id`), name: k(place) });
const member = { id: "m1", name: k("member"), email: as("zkmail@canary.example"), locale: "en" };
const session = {
  id: "s1", case: ids.case, home, homeName: k("homename"), customer: { id: "m1", name: k("customer") }, staff: { id: "j", name: k("agent") },
  askedScopes: ["see", "diagnose", "change"], askedMinutes: 15, reason: k("reason"), state: "active", scopes: ["see", "diagnose", "change"], minutes: 15,
  asked: at(-3), started: at(-2), left: 700, consent: { by: person("consenter"), at: at(-2), text: k("agreed"), locale: "en" },
  recording: { on: true, until: at(43_200), full: false },
};
const lines = ["query", "consent", "key", "something-new"].map((verb, seq) => ({
  seq, at: at(-3), verb, via: "support", kind: "staff", actor: person("auditor"), subject: k("subject"), session: "s1", case: ids.case,
  detail: { kind: "ping", note: k("detailed"), from: person("from"), to: person("to") }, sum: k("sum"), prev: k("prev"), hash: k("hash"),
}));
const changes = ["pause", "person", "schedule", "reservation"].map((code, n) => ({
  revision: 8 + n, at: at(-2), actor: helped, superseded: false, undone: n > 1, applied: at(-1), inForce: n === 0,
  change: { code, subject: ["person:" + ids.person, ids.person, "s1", "r1"][n] ?? "" },
}));
const proposal = {
  id: "p1", session: "s1", change: { code: "person", subject: ids.person }, revision: 12, hash: k("diff"), state: "open", asked: at(-1), left: 300,
  differences: [{ path: `people/${ids.person}`, before: { id: ids.person, name: k("before") }, after: { id: ids.person, name: k("after") } }],
};
export const offer = {
  ...proposal, id: "p2", change: { code: "invitation", subject: "" }, differences: [{ path: "invitations", after: { role: "child", person: ids.person } }],
};
const seat = {
  ...proposal, id: "p3", change: { code: "member", subject: "m2" },
  differences: [{ path: "members/m2", before: { name: k("seat"), role: "adult", person: "" }, after: { name: k("seated"), role: "child", person: ids.person } }],
};
const kase = {
  id: ids.case, at: at(-30), state: "taken", screen: "/", text: k("request"), language: "en", estimate: 3, agent: person("caretaker"), promise: { at: at(60), text: k("promise") },
  callback: { at: at(90), phone: as("+33987654321") }, reason: "tv", messages: 4, lastFrom: "staff", lastAt: at(-1),
  journey: [{ at: at(-31), screen: "/", did: k("did"), detail: k("step") }],
  findings: [{ guide: "tv-freezes", node: "n1", question: k("question"), answer: k("answer"), result: k("result") }],
};
const said = ["customer", "staff", "system"].flatMap((from, n) => [
  { number: 2 * n + 1, at: at(-9), from, name: k("speaker"), text: k("message"), ...(from === "system" ? { code: "taken" } : {}) },
  { number: 2 * n + 2, at: at(-8), from, name: k("sender"), picture: "pic", ...(from === "system" ? { code: "promised", text: k("promised") } : {}) },
]);
const closed = { ...kase, id: "5f0c7e57-0000-4000-8000-0000000ca5e1", state: "closed", closedAt: at(-600), summary: k("summary"), solved: "yes" };

const homes = [{ id: home, name: k("membership"), role: "owner", person: "" }, { id: `${home.slice(0, -1)}f`, name: k("second"), role: "adult" }];

const known: [RegExp, unknown][] = [
  [/^me$/, { member, homes }],
  [/^me\/passkeys$/, [{ id: "k1", name: k("passkey"), created: at(-9000), used: at(-60) }]],
  [/^me\/push$/, { key: "", kinds: ["ask", "box"], muted: [], quiet: { on: true, from: "22:00", to: "07:00" }, subscriptions: [{ id: "u1", service: k("subscriber"), created: at(-90), current: false }] }],
  [/^me\/totp$/, { active: false }],
  [/^sessions$/, [{ proof: "password", id: "t1", kind: "browser", client: k("client"), created: at(-90), used: at(-1), expires: at(9000), current: true }]],
  [/^homes\/[^/]+$/, state],
  [/members$/, [
    { id: "m1", name: member.name, email: member.email, role: "owner", person: "", me: true },
    { id: "m2", name: k("kin"), email: as("zkkin@canary.example"), role: "child", person: ids.person, me: false },
  ]],
  [/invitations$/, [{ id: "i1", role: "child", person: ids.person, inviter: k("inviter"), created: at(-60), expires: at(600) }]],
  [/cases$/, [kase, closed]],
  [/cases\/[^/]+$/, { case: kase, said }],
  [/help-desk$/, { open: true, until: at(300), wait: 4, slots: [at(60), at(90), at(1500)] }],
  [/asks$/, ["sent", "granted"].map((how, n) => ({ id: `a${String(n)}`, device: ids.device, person: ids.person, minutes: 35, why: "game", at: at(-4), state: how, by: k("granter"), granted: 20, until: at(20), answered: at(-1) }))],
  [/history$/, changes],
  [/history\/\d+$/, { ...changes[0], differences: proposal.differences }],
  [/week$/, { zone: "Europe/Paris", days: [-2, -1, 0].map((n) => ({ date: day(n), minutes: Array.from({ length: 24 }, (_, hour) => hour) })),
    cuts: [{ devices: [ids.device], from: at(-300), to: at(-200), reason: { kind: "pause", id: "o9" }, name: k("cut"), by: k("cutter") }] }],
  [/timeline$/, [{ device: ids.device, from: at(-600), to: at(600), online: false, reason: { kind: "exception", id: "e1" } }, { device: ids.tv, from: at(-600), to: at(600), online: true, reason: { kind: "allowed", id: "" } }]],
  [/support$/, [session]],
  [/recordings$/, [{ id: k("recording"), case: ids.case, member: person("recorded"), begun: at(-2), newest: at(-1), until: at(43_200), bytes: 1_234_567, full: true, on: true }]],
  [/proposals$/, [proposal, offer, seat]],
  [/receipt$/, { session, screens: [{ session: session.id, screen: "home", first: at(-3), last: at(-2) }], changes, lines }],
  [/audit$/, lines],
];

const refusal = { type: "about:blank", title: k("title"), status: 422, detail: k("told"), code: "invalid", problems: [{ code: "new-kind", field: k("where"), detail: k("wrong") }] };

/** What may be otherwise: who looks at their home, and what they have allowed. */
type Other = { child?: boolean; scopes?: string[] };

function otherwise({ child = false, scopes = session.scopes }: Other): [RegExp, unknown][] {
  const own = { ...homes[0], role: "child", person: ids.person };
  return [...(child ? [[/^me$/, { member, homes: [own] }] as [RegExp, unknown]] : []), [/support$/, [{ ...session, scopes }]]];
}

/** A cloud that knows this home, refuses whatever is asked of it and looks at the screen. Answers what was sent on the socket. */
export async function inhabit(page: Page, other: Other = {}) {
  const answers = [...otherwise(other), ...known];
  const sent = {
    frames: [] as Buffer[], texts: [] as string[], sockets: [] as WebSocketRoute[], dialogs: 0,
    missing: new Set<string>(), there: new Set<string>(),
  };
  await page.route("**/api/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    const path = pathname.slice("/api/".length);
    if (path.endsWith("/ticket")) return route.fulfill({ status: 201, json: { ticket: "t".repeat(32) } });
    if (path.endsWith("/events")) return; // a line on which nothing is said
    if (path.includes("/pictures/")) return route.fulfill({ contentType: "image/png", body: "" });
    const found = answers.find(([name]) => name.test(path));
    const reads = route.request().method() === "GET" || path.endsWith("timeline");
    if (reads && found) return route.fulfill({ json: found[1] });
    if (reads) sent.missing.add(path);
    await route.fulfill({ status: 422, contentType: "application/problem+json", json: refusal });
  });
  await page.routeWebSocket(/\/api\/support\/socket$/, (socket) => {
    const word = { type: "session", state: "active", scopes: session.scopes, left: 700_000, name: session.staff.name, recording: false, end: "customer" };
    sent.sockets.push(socket);
    socket.onMessage((message) => {
      if (typeof message !== "string") return sent.frames.push(message);
      sent.texts.push(message);
      if (message.includes('"hello"')) socket.send(JSON.stringify({ ...word, generation: sent.sockets.length }));
      socket.send('{"type":"seen"}');
    });
  });
  return sent;
}
