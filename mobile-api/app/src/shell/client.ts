import { persistQueryClientRestore, persistQueryClientSubscribe } from "@tanstack/query-persist-client-core";
import { createSyncStoragePersister } from "@tanstack/query-sync-storage-persister";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { isNotTheirs, isSignedOut, Refusal } from "../api/refusal";
import { meQuery } from "../api/query";
import { forgetUnseen } from "../mirror/forget";
import { forgetSteps } from "./journey";
import { keep } from "./keep";
import { lastKey } from "./lastHome";
import { endSession } from "./signedOut";

/** What the phone keeps so that the last known state can be shown without a network. */
const kept = new Set<unknown>(["me", "home", "cases"]);

/** A home that staff look at in a support session is not kept on their machine. */
function isKept([what, home]: readonly unknown[]): boolean {
  return kept.has(what) && (what !== "home" || queryClient.getQueryData(meQuery.queryKey)?.homes.some(({ id }) => id === home) === true);
}

const day = 24 * 3_600_000;

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (isSignedOut(error)) leave(true);
      if (queryKey[0] === "home" && isNotTheirs(error)) void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  }),
  defaultOptions: {
    queries: {
      networkMode: "always", // a phone that is wrong about its network must not leave a screen waiting
      gcTime: 7 * day,
      retry: (count, error) => (error instanceof Refusal ? error.status === 429 && count < 5 : count < 2),
      retryDelay: (count, error) => (error instanceof Refusal ? (error.wait ?? 1) * 1000 : Math.min(1000 * 2 ** count, 30_000)),
    },
    // Nothing is queued for later: what cannot be asked now is said to have failed, now.
    mutations: { networkMode: "always", retry: false },
  },
});

const persister = createSyncStoragePersister({ storage: window.localStorage, key: "carebox.last" });

const persistence = {
  queryClient,
  persister,
  maxAge: 7 * day,
  buster: "2", // raised when an older version's memory cannot be read any more
  dehydrateOptions: {
    shouldDehydrateQuery: (query: { queryKey: readonly unknown[]; state: { status: string } }) =>
      query.state.status === "success" && isKept(query.queryKey),
  },
};

/** Brings back the last known state, and keeps it from then on. */
export async function remember(): Promise<void> {
  await persistQueryClientRestore(persistence);
  persistQueryClientSubscribe(persistence);
}

/** Signs out, here also where nobody answers. */
export const signOut = (): Promise<void> => endSession().finally(() => leave(false));

/** Forgets everything of a member on this phone; `ended` when somebody else ended the session. */
export function leave(ended: boolean): void {
  const me = queryClient.getQueryData(meQuery.queryKey);
  const wasIn = me !== undefined;
  if (me?.member.staff) void import("../field/self").then(({ forgetMe }) => forgetMe());
  queryClient.clear();
  persister.removeClient();
  localStorage.removeItem(lastKey);
  forgetSteps();
  forgetUnseen();
  if (ended && wasIn) keep("carebox.ended", "1", sessionStorage);
  window.dispatchEvent(new Event(left));
}

/** Dispatched on the window when nobody is signed in any more. */
export const left = "carebox-left";
