/** What wakes the browser: words for a person, which of them take each other's place, and what a tap opens. */
type Message = { title: string; tag: string; silent: boolean; to: Destination };

/** A screen of a home; "" for the home that was looked at last. */
export type Destination = { screen: "home" | "activity" | "help"; home: string };

/** What the worker tells an open window when a notification was tapped. */
export const opened = "carebox-open";

const text = (value: unknown) => (typeof value === "string" ? value : "");

/** The message, or a plain one where it cannot be read: a browser that is woken must show something. */
export function messageOf(data: string | undefined): Message {
  let said: Partial<Record<"title" | "tag" | "silent" | "screen" | "home", unknown>> = {};
  try {
    said = (JSON.parse(data ?? "") as typeof said | null) ?? {};
  } catch {
    // shown plainly
  }
  const title = text(said.title);
  return {
    title: title || "Carebox",
    tag: title && text(said.tag),
    silent: said.silent === true,
    to: { screen: said.screen === "activity" || said.screen === "help" ? said.screen : "home", home: text(said.home) },
  };
}

/** The path of a screen. */
export function pathOf({ screen }: Destination): "/" | "/activity" | "/help" {
  return screen === "home" ? "/" : `/${screen}`;
}

/** Its address, for a window that is to be opened there. */
export function addressOf(to: Destination): string {
  return to.home ? `${pathOf(to)}?home=${encodeURIComponent(to.home)}` : pathOf(to);
}
