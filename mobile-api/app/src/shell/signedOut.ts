import { answer, api } from "../api/client";
import { Refusal } from "../api/refusal";
import { keep } from "./keep";

const key = "carebox.signed-out";

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const end = () => answer(api.DELETE("/sessions/current"));

/** Ends the session of this phone; where nobody answers, it is kept that it has to be ended. */
export async function endSession(call: () => Promise<unknown> = end, store: Store = localStorage): Promise<void> {
  if (!(await isTold(call))) keep(key, "1", store);
}

/** Whether there is nothing left to end: who has signed out without a network does not come in again by the session that they left. */
export async function isEnded(call: () => Promise<unknown> = end, store: Store = localStorage): Promise<boolean> {
  if (!owesEnd(store)) return true;
  if (!(await isTold(call))) return false;
  forgetEnd(store);
  return true;
}

export const owesEnd = (store: Store = localStorage): boolean => store.getItem(key) !== null;

/** Somebody has come in: this session is another. */
export const forgetEnd = (store: Store = localStorage): void => store.removeItem(key);

async function isTold(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    return error instanceof Refusal && error.status < 500 && error.status !== 429; // it has ended already
  }
}
