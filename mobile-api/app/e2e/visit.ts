import type { Page } from "@playwright/test";

// A person who helps, as the cloud tells of them: staff with a second factor and a case is what the whole story has.

type Session = { state: string } & Record<string, unknown>;
type Asked = { path: string; body: { scopes?: string[]; minutes?: number; text?: string } | null };

type Done = { screens: object[]; changes: object[]; proposals: object[]; lines: object[]; summary?: string };

export type Visit = { session: Session | null; asked: Asked[]; away: boolean } & Done;

const base = {
  id: "s1", case: "c1", home: "", homeName: "Home", customer: { id: "m", name: "Parent" }, staff: { id: "j", name: "Julie" },
  askedScopes: ["see", "diagnose", "change"], askedMinutes: 30, reason: "The TV freezes", scopes: [], minutes: 0, asked: new Date().toISOString(), left: 600,
  recording: { on: false, until: new Date(Date.now() + 30 * 86_400_000).toISOString(), full: false },
};

export const asking = { ...base, state: "asked" };
export const living = (left: number) => ({ ...base, state: "active", scopes: ["see", "diagnose"], minutes: 15, started: new Date().toISOString(), left });

/** Lets the page see a visit, and keeps what the page asks for; while `away` nothing gets through. */
export async function withVisit(page: Page, session: Session): Promise<Visit> {
  const visit: Visit = { session, asked: [], away: false, screens: [], changes: [], proposals: [], lines: [] };
  const after: Record<string, Session> = {
    consent: living(900), extend: { ...living(600), id: "s2", replaces: "s1" }, refuse: { ...asking, state: "refused" },
    end: { ...living(0), state: "ended", ended: new Date().toISOString(), endedBy: "customer" },
  };
  await page.route(/\/api\/homes\/[0-9a-f-]{36}\/(support|audit)(\/.+)?(\?.*)?$/, async (route) => {
    if (visit.away) return route.abort();
    const url = new URL(route.request().url());
    const path = url.pathname.split("/").at(-1) ?? "";
    if (route.request().method() === "GET") {
      const { session, screens, changes, proposals, lines, summary } = visit;
      const told = { support: session ? [session] : [], receipt: { session, screens, changes, lines, summary }, proposals, audit: lines };
      return route.fulfill({ json: told[path as keyof typeof told] });
    }
    visit.asked.push({ path, body: route.request().postDataJSON() as Asked["body"] });
    if (path === "approve" || path === "undo") {
      visit.proposals = [];
      return route.fulfill({ response: await route.fetch({ url: url.href.replace(/\/support\/.*/, ""), method: "GET" }) });
    }
    visit.session = after[path] ?? visit.session;
    await route.fulfill({ json: visit.session });
  });
  return visit;
}
