import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { renderToStaticMarkup } from "react-dom/server";
import { initReactI18next } from "react-i18next";
import { beforeAll, describe, expect, it } from "vitest";
import type { DeviceRow, HomeState, Override, Verdict } from "../api/client";
import { ChangeContext } from "../change/ChangeContext";
import en from "../i18n/en";
import { StateLine } from "../parts/StateLine";
import { type Home, HomeContext } from "../shell/HomeContext";
import { MomentButtons } from "./MomentButtons";
import { OwnTime } from "./OwnTime";
import { standingOf } from "./standing";

const now = new Date("2026-11-23T18:00:00Z");
const leo = { person: "leo" };
const paused: Verdict = { online: false, reason: { kind: "pause", id: "o1" }, until: "2026-11-23T19:00:00Z" };
const pause: Override = { id: "o1", for: leo, mode: "pause", at: now.toISOString(), until: "2026-11-23T19:00:00Z" };
const bonus: Override = { id: "o2", for: leo, mode: "bonus", at: now.toISOString(), until: "2026-11-23T18:30:00Z" };

function home(delivery: HomeState["delivery"], proved: boolean, overrides: Override[] = [pause]): Home {
  const row = { id: "a", mac: "a", name: "a", kind: "phone", person: "leo", present: true, asked: paused, inForce: { verdict: paused, proved } };
  const policy = { zone: "Europe/Paris", people: [{ id: "leo", name: "Léo" }], overrides };
  const state = {
    home: { name: "" }, asked: { revision: 2, at: now.toISOString() }, inForce: { revision: delivery === "in-force" ? 2 : 1, at: now.toISOString() },
    box: { reachable: true }, delivery, policy, devices: [row as unknown as DeviceRow],
  } as unknown as HomeState;
  const reader = { language: "en", locale: "en-GB", zone: "Europe/Paris" } as const;
  const words = { t: i18next.t, now, reader, policy: state.policy } as unknown as Home["words"];
  return { id: "h", state, words, decides: true, locked: null, line: "live", membership: { person: "leo" } } as unknown as Home;
}

function drawn(at: Home, what: React.ReactNode): string {
  const changes = { ask: async () => true, propose: async () => {}, busy: false };
  return renderToStaticMarkup(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <ChangeContext.Provider value={changes}>
          <HomeContext.Provider value={at}>{what}</HomeContext.Provider>
        </ChangeContext.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

beforeAll(async () => {
  await i18next.use(initReactI18next).init({ lng: "en", ns: ["words"], defaultNS: "words", resources: { en: { words: en } } });
});

describe("the line of a card", () => {
  const line = (at: Home) => drawn(at, at.state.devices.map((row) => <StateLine key={row.mac} standing={standingOf(row, at.state)} />));

  it("says that it is not proved while the box is applying, and names no time of a former revision", () => {
    expect(line(home("applying", false))).toContain(en.state.unproved);
    expect(line(home("applying", false))).not.toContain("In force since");
    expect(line(home("applying", true))).not.toContain("In force since");
  });
});

describe("extra time", () => {
  const buttons = (at: Home) => drawn(at, <MomentButtons target={leo} name="Léo" rows={at.state.devices} />);

  it("can be taken back alone, over a pause too", () => {
    const both = buttons(home("in-force", true, [pause, bonus]));
    expect(both).toContain(en.act.removeBonus);
    expect(both).toContain(en.act.resume);
    expect(buttons(home("in-force", true, [{ ...pause, for: { home: true } }, bonus]))).toContain(en.act.removeBonus);
    expect(buttons(home("in-force", true))).not.toContain(en.act.removeBonus);
  });
});

describe("a child whose person was removed", () => {
  it("is told so", () => {
    const at = home("in-force", true);
    const gone = { ...at, decides: false, membership: { ...at.membership, person: "lea" } };
    expect(drawn(gone, <OwnTime />)).toContain(en.ask.nobody);
  });
});
