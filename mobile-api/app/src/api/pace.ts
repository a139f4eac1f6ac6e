const burst = 3;
const every = 500;

/**
 * Calls what is given, a few times at once, then at most twice a second: a burst of events must not use up what the
 * server lets a session ask. The last call of a burst is never lost.
 */
export function paced(call: () => void): { call: () => void; stop: () => void } {
  let left = burst;
  let filled = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    timer = undefined;
    const time = Date.now();
    const gained = Math.floor((time - filled) / every);
    left = Math.min(burst, left + gained);
    filled = left === burst ? time : filled + gained * every;
    if (left === 0) {
      timer = setTimeout(now, Math.max(1, filled + every - time));
      return;
    }
    left -= 1;
    call();
  };
  return {
    call: () => {
      if (timer === undefined) now();
    },
    stop: () => clearTimeout(timer),
  };
}
