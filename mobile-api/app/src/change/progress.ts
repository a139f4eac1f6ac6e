import type { HomeState } from "../api/client";

type Progress = "in-force" | "applying" | "slow" | "waiting" | "refused" | "no-box";

/** How far a revision has come on its way to the box. Slow is said after five seconds without proof. */
export function progressOf(revision: number, asked: Date, state: HomeState, now: Date): Progress {
  if ((state.inForce?.revision ?? 0) >= revision) return "in-force";
  switch (state.delivery) {
    case "no-box":
      return "no-box";
    case "waiting-for-box":
      return "waiting";
    case "refused":
      return "refused";
    case "in-force":
      return "in-force";
    case "applying":
      return now.getTime() - asked.getTime() > 5_000 ? "slow" : "applying";
  }
}
