import { Refusal } from "../api/refusal";

/** The code of an invitation or a letter: behind the #, so that no server on the way writes it down. */
export function codeHere(): string {
  return decodeURIComponent(window.location.hash.slice(1));
}

export function isGone(error: unknown): boolean {
  return error instanceof Refusal && error.status === 404;
}
