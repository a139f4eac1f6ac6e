import { lazy, type ReactNode, Suspense } from "react";

const Screen = lazy(() => import("./Screen"));

export type MirrorRecorderProps = {
  home: string;
  /** The support session's id. */
  session: string;
  /** The agent's shown name. */
  name: string;
  /** What was consented to; without `see` nothing is loaded, recorded or sent. */
  scopes: readonly string[];
  /** The signed-in member, and whose screens were consented to be seen: only those are. */
  member: string;
  customer: string;
  /** Whether the customer looks at what the agent sees, and that they close it. */
  looking?: boolean;
  onLooked?: () => void;
  /** What stands beside what the agent sees. */
  beside?: ReactNode;
};

/** Whether a session sees the screens of a member. */
export const isSeen = (session: { scopes: readonly string[]; customer: { id: string } }, member: string) =>
  session.scopes.includes("see") && session.customer.id === member;

/**
 * The customer's end of the mirror: while somebody looks, sends what of this page a stranger may see, and shows the agent's
 * pointer and marks on it. Put it in every screen of the app once; a new `session` is a new recorder.
 */
export function MirrorRecorder(props: MirrorRecorderProps) {
  if (!props.scopes.includes("see") || props.member !== props.customer) return null;
  return (
    <Suspense>
      <Screen key={props.session} {...props} />
    </Suspense>
  );
}
