import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, expect, test, type BrowserContext } from "@playwright/test";
import { cameraArgs, carton, filmLabel, photograph, plan, signInStaff } from "../e2e/technician";
import en from "../src/i18n/en/field";
import fr from "../src/i18n/fr/field";
import { typesetAll } from "../src/i18n/typeset";
import { camera, type Look, nameOf } from "./look";

// Pictures of the technicians' entrance. Its own light is the technician's choice; one sign-in serves all looks, because a code
// of the authenticator is good once.
const looks: Look[] = [
  { locale: "fr-FR", width: 390, colorScheme: "light" },
  { locale: "en-GB", width: 390, colorScheme: "dark" },
  { locale: "fr-FR", width: 320, colorScheme: "light" },
  { locale: "en-GB", width: 1280, colorScheme: "light" },
];
const wordsOf = ({ locale }: Look) => (locale.startsWith("fr") ? typesetAll(fr) : en);

test.describe.configure({ mode: "serial" });
test.use({ actionTimeout: 20_000 });
test.setTimeout(300_000);

let folder: string;
let state: Awaited<ReturnType<BrowserContext["storageState"]>>;

async function open(look?: Look) {
  const context = await chromium.launchPersistentContext(mkdtempSync(join(folder, "phone-")), {
    executablePath: "/usr/bin/chromium", args: cameraArgs, baseURL: process.env.CAREBOX_URL ?? "", timezoneId: "Europe/Paris",
    locale: look?.locale ?? "en-GB", viewport: { width: look?.width ?? 390, height: 844 },
  });
  context.setDefaultTimeout(20_000);
  if (look) await context.addCookies(state.cookies);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.addInitScript((dark) => dark && localStorage.setItem("carebox.field.dark", "1"), look?.colorScheme === "dark");
  return { context, page };
}

test.beforeAll(async ({ request }) => {
  const orders = looks.flatMap((_, n) => [
    { ref: `2${n}1`, kind: "install", customer: `Ana Martin ${n}`, access: "Digicode 45B\n3e étage, porte gauche", down: 300_000_000, tv: true, rooms: ["Salon", "Chambre"] },
    { ref: `2${n}2`, kind: "install", customer: `Bruno Petit ${n}`, serial: `cb-002${n}` },
    { ref: `2${n}3`, kind: "install", customer: `Chloé Roux-Delacroix ${n}` },
  ]);
  const labels = await plan(request, orders.map((order, n) => (n === 0 ? { ...order, serial: "cb-0009" } : order)), [
    "cb-0009", "cb-0020", "cb-0021", "cb-0022", "cb-0023",
  ]);
  filmLabel(labels["cb-0009"] ?? "");
  folder = mkdtempSync(join(tmpdir(), "carebox-looks-"));
  const { context, page } = await open();
  await signInStaff(page);
  state = await context.storageState();
  await context.close();
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

looks.forEach((look, n) => {
  const w = wordsOf(look);
  test(`visits ${nameOf(look)}`, async ({ request }) => {
    const { context, page } = await open(look);
    const take = camera(page, look);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const begin = (customer: string) => page.getByRole("listitem").filter({ hasText: customer }).getByRole("link").last().click();
    const step = (name: string) => page.goto(page.url().replace(/[^/]*$/, name));
    await page.goto("/field?list=true");
    await expect(page.getByText(`Ana Martin ${n}`)).toBeVisible();
    await take("field-today", false);
    await begin(`Ana Martin ${n}`);
    await take("field-arrive");
    await button(w.arrive.confirm).click();
    await take("field-scan");
    await button(w.scan.start).click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    if (n === 0) {
      await expect(page.getByText(w.scan.ours).first()).toBeVisible();
      await take("field-scan-ours");
      await button(w.scan.use).click();
      await expect(page.locator("[data-check=claimed]")).toBeVisible();
      await take("field-bring-up-waiting");
      await carton(request, "plug");
      await expect(page.locator("[data-check=wan]")).toHaveAttribute("data-state", "ok", { timeout: 90_000 });
      await expect(page.locator("[data-check=line-down]")).toHaveAttribute("data-state", /ok|failed/, { timeout: 90_000 });
      await take("field-bring-up");
      await step("hand-over");
      await button(w.handOver.make).click();
      await expect(page.locator("[data-url]")).toBeVisible();
      await take("field-hand-over");
      await carton(request, "unplug");
    } else {
      await expect(page.getByText(w.scan["in-service"]).first()).toBeVisible();
      await take("field-scan-other");
    }
    await step("rooms");
    await expect(button(w.rooms.add)).toBeVisible();
    await page.getByRole("radio", { name: w.rooms.good }).check({ force: true });
    await button(w.rooms.add).click();
    await take("field-rooms");
    await button(w.skip.button).click();
    await take("field-skip", false);
    await page.keyboard.press("Escape");
    await context.setOffline(true);
    await step("report").catch(() => page.reload());
    await page.locator("input[type=file]").setInputFiles({ name: "a.jpg", mimeType: "image/jpeg", buffer: await photograph(page) });
    await expect(page.getByRole("img", { name: w.photo.box })).toBeVisible();
    await page.getByRole("textbox", { name: w.report.note }).fill("Prise dans le salon, à gauche de la fenêtre");
    await button(w.report.addNote).click();
    await take("field-report");
    await page.locator("[data-tone=waiting]").click();
    await take("field-sync", false);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: w.menu.title, exact: true }).click();
    await take("field-menu", false);
    await context.close();
  });
});
