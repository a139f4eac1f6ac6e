import { answer, api } from "../api/client";

/** Why the operator's provider let nobody in, as the server says it in the address of this screen. */
const reasons = ["departure", "denied", "away", "token", "weak", "unverified", "outsider", "failed"] as const;
export type Reason = (typeof reasons)[number];

/** The reason in the query of an address; null for none, and for a word that is not ours. */
export function reasonOf(search: string): Reason | null {
  const said = new URLSearchParams(search).get("provider");
  return reasons.find((reason) => reason === said) ?? null;
}

/** Where to go to sign in at the provider. */
export async function departure(): Promise<string> {
  const { address } = await answer(api.POST("/sessions/oidc"));
  return address;
}
