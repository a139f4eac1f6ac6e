import { expect, type Locator, type Page } from "@playwright/test";
import { home } from "../e2e/house";
import en from "../src/i18n/en";
import enSupport from "../src/i18n/en/support";
import fr from "../src/i18n/fr";
import frSupport from "../src/i18n/fr/support";
import { typesetAll } from "../src/i18n/typeset";
import type { Words } from "../src/i18n/catalogue";

export type Catalogue = Words<typeof en>;

/** How a picture is looked at: its language, its width, light or dark. */
export type Look = { locale: string; width: number; colorScheme: "light" | "dark" };

const dir = process.env.CAREBOX_SCREENS ?? "screens";

export const looks: Look[] = [
  ...[390, 1280].flatMap((width) =>
    (["light", "dark"] as const).flatMap((colorScheme) => ["fr-FR", "en-GB"].map((locale) => ({ width, colorScheme, locale }))),
  ),
  { width: 320, colorScheme: "light", locale: "fr-FR" },
];

export const nameOf = ({ locale, width, colorScheme }: Look) => `${locale.slice(0, 2)}-${width}-${colorScheme}`;

/** The words on the screen, as its reader sees them. */
export const wordsOf = ({ locale }: Look): Catalogue => (locale.startsWith("fr") ? typesetAll(fr) : en);

/** The words of the console. */
export const consoleOf = ({ locale }: Look): Words<typeof enSupport> => (locale.startsWith("fr") ? typesetAll(frSupport) : enSupport);

/** A part of a text that has gaps, up to the first of them. */
export const until = (text: string) => text.split("{{")[0]?.trim() ?? "";

/** Makes a picture once nothing on the screen is still on its way. */
export function camera(page: Page, look: Look) {
  return async (what: string, whole = true) => {
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
    await page.screenshot({ path: `${dir}/${what}-${nameOf(look)}.png`, fullPage: whole, animations: "disabled" });
  };
}

/** Opens a dialog by a button, makes its picture, and closes it. */
export async function dialog(page: Page, button: Locator, take: () => Promise<void>) {
  await button.click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await take();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
}

type Policy = { people: { id: string; name: string }[]; devices: { id: string; name: string }[] } & Record<string, unknown>;

/** Changes the home behind the screen's back. */
export async function change(page: Page, edit: (policy: Policy) => object) {
  const url = `/api/homes/${home}`;
  const state = (await (await page.request.get(url)).json()) as { asked: { revision: number }; policy: Policy };
  const headers = { "If-Match": `"${state.asked.revision}"` };
  expect((await page.request.put(`${url}/policy`, { data: { ...state.policy, ...edit(state.policy) }, headers })).ok()).toBe(true);
}
