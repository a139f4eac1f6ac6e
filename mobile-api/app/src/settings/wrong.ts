import { Refusal } from "../api/refusal";

/** Whether a password that had to be said again was not the right one. */
export function isWrong(error: unknown): boolean {
  if (!(error instanceof Refusal)) return false;
  return error.code === "password-wrong" || Boolean(error.problem.problems?.some(({ code }) => code === "password-wrong"));
}
