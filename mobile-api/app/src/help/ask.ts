import { answer, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { journeySteps } from "../shell/journey";

export type Finding = components["schemas"]["CaseFinding"];
export type Case = components["schemas"]["Case"];

/** Asks for a person: with the screen, what was done before, and what a guide found. Nothing need be written. */
export function askForPerson(home: string, said: { text?: string; findings?: Finding[] } = {}): Promise<Case> {
  const screen = window.location.pathname.slice(0, 200);
  const body = {
    screen, journey: journeySteps(),
    ...(said.text?.trim() ? { text: said.text.trim() } : {}),
    ...(said.findings?.length ? { findings: said.findings } : {}),
  };
  return answer(api.POST("/homes/{home}/help-requests", { params: { path: { home } }, body }));
}
