import { Refusal } from "../api/refusal";
import { buildOf } from "./build";
import { type Incoming, parse } from "./message";

export type LineState = "connecting" | "open" | "over";

export type Heard = {
  text: (word: Incoming) => void;
  frame?: (frame: ArrayBuffer) => void;
  /** `code` says why it is over. */
  state: (state: LineState, code?: string) => void;
};

export type SupportLine = {
  say: (word: object) => void;
  send: (frame: Uint8Array<ArrayBuffer>) => void;
  /** Bytes that wait in the browser. */
  waiting: () => number;
  stop: () => void;
};

const over = 4001;
const longest = 5_000;
const shortest = 200;
const handshake = 10_000;

/**
 * The socket of a support session, until it is over or stopped. A line that is lost is tried again, each time with another
 * ticket and after a pause by chance; the session is the server's and lives there.
 */
export function openLine(ticket: () => Promise<string>, heard: Heard): SupportLine {
  let socket: WebSocket | null = null;
  let stopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const build = buildOf();

  const end = (code: string) => {
    if (stopped) return;
    stopped = true;
    heard.state("over", code);
  };
  const later = () => {
    if (stopped) return;
    heard.state("connecting");
    failures += 1;
    timer = setTimeout(() => void connect(), shortest + Math.random() * Math.min(longest, shortest * 2 ** failures));
  };
  const connect = async () => {
    let secret: string;
    try {
      secret = await ticket();
    } catch (error) {
      // The server knows no such session, or no more: nothing will change that.
      if (error instanceof Refusal && [401, 403, 404].includes(error.status)) return end("ended");
      return later();
    }
    if (stopped) return;
    begin(secret);
  };
  const begin = (secret: string) => {
    const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
    const own = new WebSocket(`${scheme}//${window.location.host}/api/support/socket`);
    let why = "";
    let greeted = false;
    const alarm = setTimeout(() => own.close(), handshake);
    own.binaryType = "arraybuffer";
    own.onopen = () => own.send(JSON.stringify({ type: "hello", ticket: secret, ...(build && { build }) }));
    own.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (stopped || own !== socket) return;
      if (typeof data !== "string") return heard.frame?.(data);
      const word = parse(data);
      if (!word) return;
      if (word.type === "over") why = word.code;
      if (word.type === "session" && !greeted) {
        greeted = true;
        clearTimeout(alarm);
        failures = 0;
        heard.state("open");
      }
      heard.text(word);
    };
    own.onclose = ({ code }) => {
      clearTimeout(alarm);
      if (own !== socket) return;
      socket = null;
      if (code === over) end(why || "ended");
      else later();
    };
    socket = own;
  };

  heard.state("connecting");
  void connect();
  const isOpen = () => socket?.readyState === WebSocket.OPEN;
  return {
    say: (word) => (isOpen() ? socket?.send(JSON.stringify(word)) : undefined),
    send: (frame) => (isOpen() ? socket?.send(frame) : undefined),
    waiting: () => socket?.bufferedAmount ?? 0,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      socket?.close();
      socket = null;
    },
  };
}
