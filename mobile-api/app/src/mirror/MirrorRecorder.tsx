import { lazy, Suspense } from "react";
import type { MirrorRecorderProps } from "./Screen";

const Screen = lazy(() => import("./Screen"));

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
