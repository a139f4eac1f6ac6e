import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { type JourneyStep, journeySteps } from "../shell/journey";

export type Finding = components["schemas"]["CaseFinding"];
export type Case = components["schemas"]["Case"];

/** The screen from which somebody came for help: the newest that is not about help itself. */
export function cameFrom(steps: readonly JourneyStep[], here: string): string {
  const about = (screen: string) => screen === "/help" || screen.startsWith("/help/case");
  if (!about(here)) return here;
  return steps.findLast(({ screen }) => !about(screen))?.screen ?? here;
}

/** Asks for a person: with the screen, what was done before, and what a guide found. Nothing need be written. */
export function askForPerson(home: string, said: { findings?: Finding[] } = {}): Promise<Case> {
  const journey = journeySteps();
  const screen = cameFrom(journey, window.location.pathname).slice(0, 200);
  const body = { screen, journey, ...(said.findings?.length ? { findings: said.findings } : {}) };
  return answer(api.POST("/homes/{home}/help-requests", { params: { path: { home } }, body }));
}
