import createClient from "openapi-fetch";
import { Refusal, Unreachable } from "./refusal";
import type { components, paths } from "./schema.gen";

type Schemas = components["schemas"];
export type HomeState = Schemas["HomeState"];
export type Policy = Schemas["Policy"];
export type Person = Schemas["Person"];
export type Device = Schemas["Device"];
export type DeviceRow = Schemas["DeviceRow"];
export type Schedule = Schemas["Schedule"];
export type Exception = Schemas["Exception"];
export type Override = Schemas["Override"];
export type Budget = Schemas["Budget"];
export type Target = Schemas["Target"];
export type Window = Schemas["Window"];
export type Verdict = Schemas["Verdict"];
export type Reason = Schemas["Reason"];
export type Row = Schemas["Row"];
export type HistoryEntry = Schemas["HistoryEntry"];
export type Change = Schemas["Change"];
export type Member = Schemas["Member"];
export type Me = Schemas["Me"];
export type Session = Schemas["Session"];
export type Ask = Schemas["Ask"];
export type Kin = Schemas["Kin"];
export type Role = Schemas["Role"];
export type Invitation = Schemas["Invitation"];
export type Reservation = Schemas["Reservation"];
export type ReservationRow = Schemas["ReservationRow"];
export type Hold = NonNullable<Schemas["ReservationInForce"]>;
export type Figures = Schemas["Figures"];
export type WeekWindow = Schemas["WeekWindow"];
export type Radio = Schemas["Radio"];
export type Channel = Schemas["Channel"];
export type Station = Schemas["Station"];
export type Line = NonNullable<Schemas["Line"]>;
export type SupportSession = Schemas["SupportSession"];
export type SupportReceipt = Schemas["SupportReceipt"];
export type ProposedChange = Schemas["ProposedChange"];
export type SupportProposal = Schemas["SupportProposal"];
export type PolicyDifference = Schemas["PolicyDifference"];
export type Recording = Schemas["Recording"];
export type AuditLine = Schemas["AuditLine"];
export type Case = Schemas["Case"];
export type CaseMessage = Schemas["CaseMessage"];
export type CaseFinding = Schemas["CaseFinding"];
export type CaseStep = Schemas["CaseStep"];
export type HelpDesk = Schemas["HelpDesk"];
export type QueueRow = Schemas["QueueRow"];
export type StaffCase = Schemas["StaffCase"];
export type Desk = Schemas["Desk"];
export type BoxQuery = Schemas["BoxQuery"];
export type BoxQuestion = Schemas["BoxQuestion"];
export type Problem = Schemas["Problem"];
export type ProblemDocument = Schemas["ProblemDocument"];

export const api = createClient<paths>({ baseUrl: "/api" });

/** Under which support session staff act in a home that is not theirs, by home. */
const acting = new Map<string, string>();

api.use({
  onRequest({ request }) {
    const home = /^\/api\/homes\/([^/]+)/.exec(new URL(request.url).pathname)?.[1];
    const session = home && acting.get(home);
    if (session) request.headers.set("Support-Session", session);
    return request;
  },
});

/** Whatever is asked of a home goes under a support session, until the returned function is called. */
export function actUnder(session: string, home: string): () => void {
  acting.set(home, session);
  return () => {
    if (acting.get(home) === session) acting.delete(home);
  };
}

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** What the server answered, or a Refusal with its reason, or Unreachable where nobody answered. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  let result: Answer<T>;
  try {
    result = await call;
  } catch (cause) {
    throw new Unreachable(cause);
  }
  if (result.response.ok) return result.data as T;
  throw new Refusal(result.response, result.error);
}

/** The header by which a change says what it was made from. */
export function from(state: HomeState): { "If-Match": string } {
  return { "If-Match": `"${state.asked.revision}"` };
}
