import type { Me } from "../api/client";
import { Store } from "./store";

/** Who was signed in here when this phone last had a network. */
export async function keptMe(): Promise<Me | undefined> {
  const store = await Store.open();
  return store.me().finally(() => store.close());
}

/** Nobody is signed in any more: what is not sent yet stays, and is shown to nobody else. */
export async function forgetMe(): Promise<void> {
  const store = await Store.open();
  await store.keepMe(null).finally(() => store.close());
}
