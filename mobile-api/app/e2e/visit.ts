import type { Page } from "@playwright/test";

// A person who helps, as the cloud tells of them: staff with a second factor and a case is what the whole story has.

type Session = { state: string } & Record<string, unknown>;
type Asked = { path: string; body: { scopes?: string[]; minutes?: number; text?: string } | null };

export type Visit = { session: Session | null; asked: Asked[]; away: boolean };

const base = {
  id: "s1", case: "c1", home: "", homeName: "Home", customer: { id: "m", name: "Parent" }, staff: { id: "j", name: "Julie" },
  askedScopes: ["see", "diagnose", "change"], askedMinutes: 30, reason: "The TV freezes", scopes: [], minutes: 0, asked: new Date().toISOString(), left: 600,
};

export const asking = { ...base, state: "asked" };
export const living = (left: number) => ({ ...base, state: "active", scopes: ["see", "diagnose"], minutes: 15, started: new Date().toISOString(), left });

/** Lets the page see a visit, and keeps what the page asks for; while `away` nothing gets through. */
export async function withVisit(page: Page, session: Session): Promise<Visit> {
  const visit: Visit = { session, asked: [], away: false };
  const after: Record<string, Session> = {
    consent: living(900), extend: { ...living(600), id: "s2", replaces: "s1" }, refuse: { ...asking, state: "refused" },
    end: { ...living(0), state: "ended", ended: new Date().toISOString(), endedBy: "customer" },
  };
  await page.route(/\/api\/homes\/[0-9a-f-]{36}\/support(\/\w+\/\w+)?$/, async (route) => {
    if (visit.away) return route.abort();
    const path = new URL(route.request().url()).pathname.split("/").at(-1) ?? "";
    if (route.request().method() === "GET") return route.fulfill({ json: visit.session ? [visit.session] : [] });
    visit.asked.push({ path, body: route.request().postDataJSON() as Asked["body"] });
    visit.session = after[path] ?? visit.session;
    await route.fulfill({ json: visit.session });
  });
  return visit;
}
