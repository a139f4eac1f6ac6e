import { registerSW } from "virtual:pwa-register";

type Waiting = { ready: boolean; use: () => void };

let waiting: Waiting = { ready: false, use: () => {} };
const listeners = new Set<() => void>();

/** Starts the service worker; a new version waits until the person takes it or closes the app. */
export function startWorker(): void {
  const update = registerSW({
    onNeedRefresh: () => {
      waiting = { ready: true, use: () => void update(true) };
      listeners.forEach((tell) => tell());
    },
  });
}

export const newVersion = {
  subscribe: (tell: () => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  },
  get: () => waiting,
};
