import type { components } from "../api/schema.gen";

type Able = "yes" | "install" | "denied" | "never";

/** Whether this browser can be woken: on an iPhone or iPad only as an app of the home screen. */
export function able(): Able {
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
  const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!can) return apple && !window.matchMedia("(display-mode: standalone)").matches ? "install" : "never";
  return Notification.permission === "denied" ? "denied" : "yes";
}

type Address = components["schemas"]["NewPushSubscription"];

async function manager(): Promise<PushManager> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration) throw new Error("no service worker");
  return registration.pushManager;
}

/** Asks the person, and makes an address to wake this browser at; null where they said no. Only ever after a tap. */
export async function wakeAt(key: string): Promise<Address | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  await forget(); // one made with another key is in the way of a new one
  const subscription = await (await manager()).subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint: endpoint ?? "", keys: { p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "" } };
}

/** The browser wakes no more, whether or not Carebox could be told. */
export async function forget(): Promise<void> {
  const subscription = await (await manager()).getSubscription();
  await subscription?.unsubscribe();
}

/** Whether the browser itself still holds an address; it may have dropped it. */
export async function held(): Promise<boolean> {
  if (able() !== "yes") return false;
  const registration = await navigator.serviceWorker.getRegistration();
  return Boolean(await registration?.pushManager.getSubscription());
}
