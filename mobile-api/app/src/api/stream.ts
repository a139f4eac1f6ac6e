import { createParser } from "eventsource-parser";
import { paced } from "./pace";

/** A comment comes every 15 seconds: longer silence than this means that the line is dead. */
const silence = 40_000;
const shortest = 500;
const longest = 30_000;

export type Line = "live" | "connecting" | "signed-out";

type Watcher = {
  look: () => void;
  line: (state: Line) => void;
  /** The other side of a case writes. */
  typing?: ((id: string) => void) | undefined;
};

/** Listens to a home's live events until stopped. */
export function watchHome(home: string, watcher: Watcher): () => void {
  return watch(`/api/homes/${encodeURIComponent(home)}/events`, watcher);
}

/**
 * Listens to live events until stopped: `look` whenever something may have changed. A lost line is tried again
 * after a pause that doubles, with chance in it so that a town of phones does not come back at one instant. A hidden
 * page does not listen. EventSource cannot do this: it shows neither comments nor statuses.
 */
export function watch(path: string, { look, line: tell, typing }: Watcher): () => void {
  const pace = paced(look);
  const watcher = { look: pace.call, line: tell, typing };
  let stopped = false;
  let line = new AbortController();
  let wake = () => {};

  const run = async () => {
    let failures = 0;
    while (!stopped) {
      if (document.hidden) {
        await new Promise<void>((resolve) => (wake = resolve));
        failures = 0;
        continue;
      }
      line = new AbortController();
      const outcome = await listen(path, line, watcher);
      if (outcome === "signed-out") return watcher.line("signed-out");
      if (stopped || document.hidden) continue;
      watcher.line("connecting");
      failures = outcome === "ended" ? 0 : failures + 1;
      const pause = Math.min(longest, shortest * 2 ** failures);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, pause / 2 + (Math.random() * pause) / 2);
      });
    }
  };
  const turn = () => {
    if (document.hidden) line.abort();
    wake();
  };
  document.addEventListener("visibilitychange", turn);
  window.addEventListener("online", turn);
  void run();
  return () => {
    stopped = true;
    document.removeEventListener("visibilitychange", turn);
    window.removeEventListener("online", turn);
    line.abort();
    pace.stop();
    wake();
  };
}

function caseIn(data: string): string {
  try {
    const { case: id } = JSON.parse(data) as { case?: unknown };
    return typeof id === "string" ? id : "";
  } catch {
    return ""; // nobody's
  }
}

async function listen(path: string, line: AbortController, watcher: Watcher): Promise<"ended" | "failed" | "signed-out"> {
  let alarm = setTimeout(() => line.abort(), silence);
  const heard = () => {
    clearTimeout(alarm);
    alarm = setTimeout(() => line.abort(), silence);
  };
  let live = false;
  const parser = createParser({
    onEvent: ({ event, data }) => {
      if (!live) watcher.line("live");
      live = true;
      if (event === "typing") watcher.typing?.(caseIn(data));
      else watcher.look();
    },
  });
  try {
    const response = await fetch(path, { headers: { Accept: "text/event-stream" }, signal: line.signal, cache: "no-store", priority: "low" });
    if (response.status === 401) return "signed-out";
    if (response.status === 403 || response.status === 404) watcher.look(); // the home is not theirs any more
    if (!response.ok || !response.body) return "failed";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      heard();
      parser.feed(part.value);
    }
    return live ? "ended" : "failed";
  } catch {
    return live ? "ended" : "failed"; // the line broke or was ended: both are tried again by the caller
  } finally {
    clearTimeout(alarm);
  }
}
