import type { components } from "../api/schema.gen";

/** One thing that somebody did on this phone: looked at a screen, changed something, tried to. */
export type JourneyStep = components["schemas"]["CaseStep"];

const most = 30;
let steps: readonly JourneyStep[] = [];

/** Notes what was done, by its screen; the same screen again is no new step. */
export function noteStep(did: "look" | "changed" | "failed", screen: string, detail?: string): void {
  const last = steps.at(-1);
  if (did === "look" && last?.did === "look" && last.screen === screen) return;
  const step = { at: new Date().toISOString(), screen: screen.slice(0, 200), did, ...(detail ? { detail: detail.slice(0, 300) } : {}) };
  steps = [...steps, step].slice(-most);
}

/** What was done since the app was opened, oldest first: only who asks for a person sends it. */
export function journeySteps(): JourneyStep[] {
  return [...steps];
}

export function forgetSteps(): void {
  steps = [];
}
