import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { chromium, expect, test, type BrowserContext, type Page } from "@playwright/test";
import { opened } from "./house";
import { cameraArgs, carton, filmLabel, photograph, plan, signInStaff, visitOf } from "./technician";

// A technician's day: one browser, because a code of the authenticator is good once.
test.describe.configure({ mode: "serial" });

let folder: string;
let context: BrowserContext;
let page: Page;

const options = { executablePath: "/usr/bin/chromium", args: cameraArgs, locale: "en-GB", timezoneId: "Europe/Paris", viewport: { width: 390, height: 844 } };

async function open(offline = false) {
  context = await chromium.launchPersistentContext(folder, { ...options, baseURL: process.env.CAREBOX_URL ?? "", offline });
  context.setDefaultTimeout(20_000);
  page = context.pages()[0] ?? (await context.newPage());
}

const heading = (name: string) => page.getByRole("heading", { level: 1, name });
const button = (name: string | RegExp) => page.getByRole("button", { name, exact: typeof name === "string" });
const begin = (customer: string) => page.getByRole("listitem").filter({ hasText: customer }).getByRole("link", { name: /Begin|Carry on/ }).click();

async function accessible() {
  await opened(page);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}

test.beforeAll(async ({ request }) => {
  const labels = await plan(
    request,
    [
      { ref: "1001", kind: "install", customer: "Ana Martin", access: "Code 45B", serial: "cb-0009", down: 900_000_000_000, rooms: ["Living room", "Bedroom"] },
      { ref: "1002", kind: "install", customer: "Bruno Petit", serial: "cb-0010" },
      { ref: "1003", kind: "install", customer: "Chloé Roux", serial: "cb-0011" },
      { ref: "1004", kind: "install", customer: "Denis Blanc" },
      { ref: "1005", kind: "install", customer: "Emma Faure" },
    ],
    ["cb-0009", "cb-0010", "cb-0011", "cb-0012"],
  );
  filmLabel(labels["cb-0009"] ?? "");
  folder = mkdtempSync(join(tmpdir(), "carebox-phone-"));
  await open();
});

test.afterAll(async () => {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a box that is meant for another address is not connected", async () => {
  await signInStaff(page);
  await accessible();
  await begin("Chloé Roux");
  await button("Confirm").click();
  await expect(heading("Scan")).toBeVisible();
  await button("Scan").click();
  await expect(page.getByText("This box is meant for another address. Do not connect it.").first()).toBeVisible();
  await expect(button("Use this box")).toHaveCount(0);
  await accessible();
  await button("Type it in").click();
  await page.getByRole("textbox", { name: "S/N, as on the label" }).fill("CB-OO11"); // as somebody reads 0011
  await button("Look it up").click();
  await expect(page.getByText("This is the box for this order").first()).toBeVisible();
  await expect(page.getByText("Box CB-0011")).toBeVisible();
  expect((await visitOf(page, "Chloé Roux")).serial).toBeUndefined();
});

test("without a network nothing is lost, not even when the app is killed", async () => {
  await page.goto("/field?list=true");
  await expect(page.getByRole("listitem").filter({ hasText: "Bruno Petit" })).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined)); // the app is on the phone
  await context.setOffline(true);
  await begin("Bruno Petit");
  await page.getByRole("radio", { name: "Somebody else" }).check({ force: true });
  await page.getByRole("textbox", { name: "Their name" }).fill("Marie");
  await button("Confirm").click();
  await button("Type it in").click();
  await page.getByRole("textbox", { name: "S/N, as on the label" }).fill("cb-0010");
  await button("Look it up").click();
  await expect(page.getByText("This is the box for this order").first()).toBeVisible();
  await button("Use this box").click();
  await expect(heading("Bring-up")).toBeVisible();
  await expect(page.getByRole("timer")).toContainText("since the scan");
  await page.goto(page.url().replace("bring-up", "report"));
  await page.locator("input[type=file]").setInputFiles({ name: "box.jpg", mimeType: "image/jpeg", buffer: await photograph(page) });
  await expect(page.getByRole("img", { name: "The box in its place" })).toBeVisible();
  await page.getByRole("textbox", { name: "A note" }).fill("mind the dog");
  await button("Add the note").click();
  await page.getByRole("textbox", { name: "A note" }).fill("half a sentence");
  await expect(button(/items waiting, kept on this phone/)).toBeVisible();
  await expect.poll(() => page.evaluate(places)).toContain("half a sentence"); // a hand is slower than this test

  const cookies = await context.cookies(); // written down by a browser within half a minute
  kill();
  await open(true);
  await context.addCookies(cookies);
  await page.goto("/field");
  await expect(heading("Report")).toBeVisible(); // at the same step
  await expect(page.getByRole("textbox", { name: "A note" })).toHaveValue("half a sentence");
  await button(/items waiting, kept on this phone/).click();
  const sheet = page.getByRole("dialog", { name: "Not sent yet" });
  await expect(sheet).toContainText("1 photo, 1 scan, 1 arrival, 1 note and the way. Sent when the network is back.");
  await expect(sheet).toContainText("the scan of CB-0010");
  await expect(sheet).toContainText("note “mind the dog”");
  await accessible();
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(button("Finish")).toBeDisabled();

  await context.setOffline(false);
  await expect(button("All sent")).toBeVisible();
  expect(await visitOf(page, "Bruno Petit")).toMatchObject({
    serial: "cb-0010", state: "bound", present: ["Marie"], notes: [{ text: "mind the dog" }], photos: [{ kind: "box" }],
  });
});

/** What the phone has written down of where the technician is. */
const places = () =>
  new Promise<string>((resolve, reject) => {
    const open = indexedDB.open("carebox-field");
    open.onerror = () => reject(new Error("there is no such database"));
    open.onsuccess = () => {
      const all = open.result.transaction("place").objectStore("place").getAll();
      all.onsuccess = () => {
        open.result.close();
        resolve(JSON.stringify(all.result));
      };
    };
  });

/** Ends the browser as a battery does that is empty. */
function kill() {
  const found = execFileSync("pgrep", ["-f", "--", `user-data-dir=${folder}`]).toString().trim().split("\n");
  for (const process_ of found) {
    try {
      process.kill(Number(process_), "SIGKILL");
    } catch {
      // its parent took it along
    }
  }
}

test("what the server refuses is told at the thing itself, and the rest goes on", async () => {
  await page.goto("/field?list=true");
  await expect(page.getByRole("listitem").filter({ hasText: "Denis Blanc" })).toBeVisible();
  await context.setOffline(true);
  await begin("Denis Blanc");
  await button("Confirm").click();
  await button("Type it in").click();
  await page.getByRole("textbox", { name: "S/N, as on the label" }).fill("cb-0010"); // it works for another home
  await button("Look it up").click();
  await expect(page.getByText("No network: the server says later whether this box fits.").first()).toBeVisible();
  await button("Use this box").click();
  await expect(heading("Bring-up")).toBeVisible();
  await context.setOffline(false);
  await button("1 item refused").click();
  const sheet = page.getByRole("dialog", { name: "Not sent yet" });
  await expect(sheet).toContainText("another home. Do not connect it.");
  expect(await visitOf(page, "Denis Blanc")).toMatchObject({ state: "arrived", present: ["Denis Blanc"] });
  await sheet.getByRole("button", { name: "Send again" }).click();
  await expect(sheet).toContainText("another home. Do not connect it.");
  await sheet.getByRole("button", { name: "Remove" }).click();
  await sheet.getByRole("button", { name: "Yes, remove" }).click();
  await expect(sheet).toContainText("Everything has been sent.");
  await sheet.getByRole("button", { name: "Close" }).click();
  await expect(button("All sent")).toBeVisible();
});

test("where nobody is, the visit ends with proof and a new time", async () => {
  await page.goto("/field?list=true");
  await begin("Emma Faure");
  await expect(heading("Arrive")).toBeFocused(); // a screen that has just come takes the focus, and closes what was opened
  await button("More").click();
  await button("Customer is absent").click();
  const dialog = page.getByRole("dialog", { name: "Customer is absent" });
  await expect(dialog.getByText("A photo of the door is missing.")).toBeVisible();
  await dialog.locator("input[type=file]").setInputFiles({ name: "door.jpg", mimeType: "image/jpeg", buffer: await photograph(page) });
  await expect(dialog.getByRole("img", { name: "The door" })).toBeVisible();
  await dialog.getByRole("textbox", { name: "What you tried" }).fill("rang twice, called once");
  await accessible();
  await dialog.getByRole("button", { name: "End the visit" }).click();
  await expect(page.getByText(/Customer absent\. New time:/)).toBeVisible();
  await expect(button("All sent")).toBeVisible();
  await expect.poll(async () => (await visitOf(page, "Emma Faure")).state).toMatch(/absent|planned/); // the next one is of the same customer
});

test("a box comes from its carton into service", async ({ browser, request }) => {
  test.setTimeout(240_000);
  await page.goto("/field?list=true");
  await begin("Ana Martin");
  await expect(page.getByText("Code 45B")).toBeVisible();
  await accessible();
  await button("Confirm").click();
  await button("Scan").click();
  await expect(page.getByText("This is the box for this order").first()).toBeVisible();
  await button("Use this box").click();
  await expect(heading("Bring-up")).toBeVisible();
  try {
    await carton(request, "plug");
    const check = (name: string) => page.locator(`[data-check="${name}"]`);
    await expect(check("certificate")).toContainText(/after Claimed|Waiting|ready/);
    for (const name of ["claimed", "certificate", "cloud", "clock", "wan", "radios"]) {
      await expect(check(name)).toHaveAttribute("data-state", "ok", { timeout: 90_000 });
    }
    await expect(page.getByText(/In service\. \d+ min since the scan\./)).toBeVisible();
    await accessible();
    await accept("line-down"); // nothing brings what was promised here
    for (const name of ["ipv6", "line-up"]) await leaveOut(name);
    await button("Next").click();
    await rooms();
    await handOver(browser);
    await report();
  } finally {
    await carton(request, "unplug");
  }
});

/** Takes a measurement as it is, with a reason. */
async function accept(name: string) {
  const check = page.locator(`[data-check="${name}"]`);
  await expect(check).toHaveAttribute("data-state", "failed", { timeout: 90_000 });
  await expect(check).toContainText(/Mbit\/s measured, 900,000 expected/);
  await expect(check.getByRole("button", { name: "Measure again" })).toBeVisible();
  await check.getByRole("button", { name: "Accept with a reason" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("a laboratory");
  await page.getByRole("dialog").getByRole("button", { name: "Accept" }).click();
  await expect(check).toContainText("Accepted: a laboratory");
}

/** Leaves a check out with a reason, unless the box has reached it. */
async function leaveOut(name: string) {
  const check = page.locator(`[data-check="${name}"]`);
  if ((await check.getAttribute("data-state")) === "ok") return;
  await check.getByRole("button", { name: "Leave out with a reason" }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill("a laboratory");
  await page.getByRole("dialog").getByRole("button", { name: "Leave out" }).click();
  await expect(check).toHaveAttribute("data-state", "skipped");
}

async function rooms() {
  for (const room of ["Living room", "Bedroom"]) {
    await expect(page.getByRole("combobox", { name: "Room" })).toHaveValue(room);
    await page.getByRole("radio", { name: "Good" }).check({ force: true });
    await button("Add the room").click();
  }
  await accessible();
  await button("Next").click();
}

/** The customer becomes the first member on a phone of their own. */
async function handOver(browser: import("@playwright/test").Browser) {
  await button("Show the invitation").click();
  const link = new URL((await page.locator("[data-url]").getAttribute("data-url")) ?? "");
  await accessible();
  const customer = await (await browser.newContext({ locale: "en-GB" })).newPage();
  await customer.goto(link.pathname + link.hash);
  await customer.getByRole("textbox", { name: "Your first name" }).fill("Ana");
  await customer.getByRole("textbox", { name: "Email" }).fill(`ana.${Date.now()}@home.example`);
  await customer.locator("input[type=password]").fill("a long enough word");
  await customer.getByRole("button", { name: "Join" }).click();
  await expect(customer.getByRole("region", { name: "The box" })).toBeVisible();
  await customer.close();
  await expect(page.getByText("The customer has joined.")).toBeVisible();
  await button("Next").click();
}

async function report() {
  await page.locator("input[type=file]").setInputFiles({ name: "box.jpg", mimeType: "image/jpeg", buffer: await photograph(page) });
  await expect(page.getByRole("img", { name: "The box in its place" })).toBeVisible();
  const pad = await page.locator("canvas").boundingBox();
  if (!pad) throw new Error("there is nowhere to sign");
  await page.locator("canvas").scrollIntoViewIfNeeded();
  const at = (await page.locator("canvas").boundingBox()) ?? pad;
  await page.mouse.move(at.x + 30, at.y + 90);
  await page.mouse.down();
  for (let n = 1; n < 20; n++) await page.mouse.move(at.x + 30 + n * 10, at.y + 90 + Math.sin(n) * 40);
  await page.mouse.up();
  await expect(button("Clear")).toBeVisible();
  await button("Sign").click();
  await expect(page.getByText(/Signed by Ana Martin at/)).toBeVisible();
  await expect(button("All sent")).toBeVisible();
  await accessible();
  await button("Finish").click();
  await expect(page.getByText(/In service\. \d+ min since the scan\./)).toBeVisible();
  const [made] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Report as JSON" }).click()]);
  expect(made.suggestedFilename()).toBe("1001.json");
  const paper = await page.request.get((await page.getByRole("link", { name: "Report as PDF" }).getAttribute("href")) ?? "");
  expect((await paper.body()).subarray(0, 5).toString()).toBe("%PDF-");
  await accessible();
}

test("a box is fetched, and another is put in the place of one", async ({ request }) => {
  await plan(request, [
    { ref: "2001", kind: "return", customer: "Ana Returns", replaces: "cb-0009" },
    { ref: "2002", kind: "swap", customer: "Bruno Swaps", serial: "cb-0012", replaces: "cb-0010" },
  ]);
  await page.goto("/field?list=true");
  await begin("Ana Returns");
  await expect(page.getByText("Step 2 of 4 · Arrive")).toBeVisible();
  await button("Confirm").click();
  await button("Scan").click();
  await expect(page.getByText("This is the box that goes back").first()).toBeVisible();
  await accessible();
  await button("Take this box back").click();
  await expect(heading("Report")).toBeVisible();
  await page.getByRole("textbox", { name: "Name of who signs" }).fill("Ana by name alone");
  await button("Sign").click();
  await expect(page.getByText(/Signed by Ana by name alone/)).toBeVisible();
  await expect(button("All sent")).toBeVisible();
  await button("Finish").click();
  await expect(page.getByText("The box is taken back: its certificate is worth nothing any more.")).toBeVisible();

  await page.goto("/field?list=true");
  await begin("Bruno Swaps");
  await button("Confirm").click();
  await expect(page.getByText("The old one, CB-0010, loses its identity when the new one takes its place.")).toBeVisible();
  await button("Type it in").click();
  await page.getByRole("textbox", { name: "S/N, as on the label" }).fill("CB-0010");
  await button("Look it up").click();
  await expect(page.getByText("This is the old box. Scan the new one.").first()).toBeVisible();
  await button("Type it in").click();
  await page.getByRole("textbox", { name: "S/N, as on the label" }).fill("CB-0012");
  await button("Look it up").click();
  await expect(page.getByText("This is the box for this order").first()).toBeVisible();
  await accessible();
});
