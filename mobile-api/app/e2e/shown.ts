import type { Page } from "@playwright/test";

/**
 * Every text that is shown as it stands (`data-mirror="show"`) on a page from now on, over all its loads. Ask before the first
 * load: a text that changes is caught as it changes.
 */
export async function shownOn(page: Page): Promise<Set<string>> {
  const shown = new Set<string>();
  await page.exposeFunction("tellShown", (texts: string[]) => texts.forEach((text) => shown.add(text)));
  await page.addInitScript(() => {
    const tell = () => {
      const texts: string[] = [];
      for (const element of document.querySelectorAll("[data-mirror=show]")) {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push((node.nodeValue ?? "").trim());
      }
      if (texts.length > 0) void (window as unknown as { tellShown: (texts: string[]) => Promise<void> }).tellShown(texts);
    };
    new MutationObserver(tell).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ["data-mirror"] });
  });
  return shown;
}
