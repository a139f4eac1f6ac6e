import { Refusal } from "../api/refusal";

/** Whether something was refused because a home has an owner. */
export function isLastOwner(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  return error.code === "last-owner" || Boolean(error.problem.problems?.some(({ code }) => code === "last-owner"));
}
