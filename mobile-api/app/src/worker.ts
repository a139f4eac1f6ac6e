/// <reference lib="webworker" />
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst, NetworkFirst } from "workbox-strategies";
import { addressOf, type Destination, messageOf, opened } from "./notifications/message";

declare const self: ServiceWorkerGlobalScope;

// Under this one address the last index page is kept, whatever screen was asked for: with its own content security
// policy and the nonce that fits it.
const page = "/";
const shell = "shell";

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

const navigation = new NetworkFirst({
  cacheName: shell,
  networkTimeoutSeconds: 4,
  plugins: [{ cacheKeyWillBeUsed: async () => page, cacheWillUpdate: async ({ response }) => (response.ok ? response : null) }],
});
const isScreen = ({ pathname }: URL) => !pathname.startsWith("/api") && pathname !== "/mirror"; // which has a policy of its own
registerRoute(({ request, url }) => request.mode === "navigate" && isScreen(url), navigation);
registerRoute(({ url }) => url.origin === self.location.origin && url.pathname.startsWith("/assets/"), new CacheFirst({ cacheName: "assets" }));

// The very first visit is not seen by the worker: it fetches the page for itself.
self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(shell).then(async (cache) => {
      const response = await fetch(page, { cache: "no-store" });
      if (response.ok) await cache.put(page, response);
    }),
  );
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event: ExtendableMessageEvent) => {
  if ((event.data as { type?: string } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});

self.addEventListener("push", (event) => {
  const { title, tag, silent, to } = messageOf(event.data?.text());
  event.waitUntil(self.registration.showNotification(title, { tag, silent, icon: "/icon-192.png", data: to }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show((event.notification.data as Destination | null) ?? { screen: "home", home: "" }));
});

/** Brings the app forward at a screen: a window that is there goes by itself, so that nothing unsaved is lost; else a new one. */
async function show(to: Destination): Promise<void> {
  const [open] = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  try {
    const there = await open?.focus();
    if (there) return there.postMessage({ type: opened, to });
  } catch {
    // a window that cannot be brought forward
  }
  await self.clients.openWindow(addressOf(to));
}
