import type { Spot } from "./replay/word";
import type { Anchor } from "./anchor";
import type { DialogName } from "./dialog";
import type { Params, RouteName, ScreenName } from "./route";

export type Shape = "ring" | "arrow" | "tick";

/** What an agent says to a customer's page. */
export type Gesture =
  | ({ type: "point" } & Spot)
  | ({ type: "mark"; shape: Shape } & Spot)
  | { type: "mark"; shape: Shape; anchor: Anchor }
  | { type: "clear" }
  | { type: "show"; anchor: Anchor }
  | { type: "go"; route: RouteName; params?: Params };

/** Why there is no picture: the page is too big for one, or its browser cannot make one. */
export type Blind = "big" | "browser";

/** Where a customer is: which screen, what lies over it, how big it is, and why there is no picture of it. */
export type ScreenWord = { type: "screen"; route: ScreenName; dialog?: DialogName; blind?: Blind; width: number; height: number };

/** What a customer's page says beside its picture. */
export type Report =
  | { type: "beat"; epoch: number; seq: number; visible: boolean; buffered: number }
  | ScreenWord;

/** What the server says of the session, to both. */
export type SessionWord = {
  type: "session";
  state: string;
  scopes: string[];
  /** Milliseconds that are left. */
  left: number;
  /** The agent's name, as the server knows it. */
  name: string;
  recording: boolean;
  end: "customer" | "agent";
  generation: number;
};

type Notice =
  | { type: "over"; code: string }
  | { type: "here" | "away" | "slow" }
  /** Somebody looks, with a build of the app that may be another. */
  | { type: "seen"; build?: string }
  /** `inline`: with its style sheets inside, because those of this page are not served any more. */
  | { type: "key.want"; inline?: boolean }
  | { type: "error"; code: string };

/** Any text on the socket. Who said it and that they may was judged by the server; its fields are judged where they are used. */
export type Incoming = SessionWord | Notice | Gesture | (Report & { generation?: number });

export function parse(text: string): Incoming | null {
  try {
    const word: unknown = JSON.parse(text);
    return typeof word === "object" && word !== null && "type" in word && typeof word.type === "string" ? (word as Incoming) : null;
  } catch {
    return null;
  }
}
