import type { components } from "./schema.gen";

type ProblemDocument = components["schemas"]["ProblemDocument"];

/** The server said no, and why (RFC 9457). */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Partial<ProblemDocument>;
  /** Seconds to wait, where the server named them. */
  readonly wait: number | undefined;

  constructor(response: Response, body: unknown) {
    super(`refused with ${response.status}`);
    this.name = "Refusal";
    this.status = response.status;
    this.problem = isProblem(body) ? body : {};
    const seconds = Number(response.headers.get("Retry-After") ?? "");
    this.wait = seconds > 0 ? seconds : undefined;
  }

  get code(): string {
    return this.problem.code ?? "";
  }
}

/** Nobody answered: no network, or no cloud. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("nobody answered", { cause });
    this.name = "Unreachable";
  }
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof Refusal && error.status === 401;
}

/** The home is not this member's any more, or what was asked is not theirs to ask: who they are has changed. */
export function isNotTheirs(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 403 || error.status === 404);
}

function isProblem(body: unknown): body is Partial<ProblemDocument> {
  return typeof body === "object" && body !== null && "code" in body;
}
