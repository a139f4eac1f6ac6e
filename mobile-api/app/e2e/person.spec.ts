import { expect, test, type Page } from "@playwright/test";
import { clear, home, phone, signIn } from "./house";

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await clear(page);
});

// A dialog that waits for its answer may have a status of its own.
const inForce = (page: Page) => expect(page.getByRole("status").filter({ hasText: /In force since/ })).toHaveCount(1);

/** The date so many days from now, as the home's calendar has it. */
function ahead(days: number): string {
  const date = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Paris" }).format(date);
}

/** The name of the month that follows. */
function nextMonth(): string {
  const [year = 0, month = 0] = ahead(0).split("-").map(Number);
  return new Date(Date.UTC(year, month, 15)).toLocaleDateString("en-GB", { month: "long", timeZone: "UTC" });
}

test("the last seven days are a picture, and the same as a table", async ({ page, request }) => {
  await page.getByRole("button", { name: "Pause Léo for 1 hour" }).click();
  await phone(request, "offline");
  await page.goto("/person/leo");
  const week = page.getByRole("region", { name: "Last seven days" });
  await expect(week).toContainText("Pause");
  await expect(week).toContainText("by Parent");
  await week.getByText("As a table").click();
  await expect(week.getByRole("row")).toHaveCount(8); // its head, and seven days
  await expect(week.getByRole("columnheader", { name: "By hour" })).toBeVisible();
});

test("a daily time says how much of it is used", async ({ page }) => {
  await page.goto("/person/leo");
  const daily = page.getByRole("region", { name: "Daily time", exact: true });
  await daily.getByRole("button", { name: "Set a daily time" }).click();
  const dialog = page.getByRole("dialog", { name: "Daily time" });
  await dialog.getByRole("button", { name: "15 minutes more" }).click();
  await expect(dialog).toContainText(/2\sh\s15/);
  await dialog.getByRole("button", { name: "Save" }).click();
  await inForce(page);
  await expect(daily).toContainText(/\d+\s(min|h).*of\s2\sh\s15\sused today/);
  await daily.getByRole("button", { name: /^Remove/ }).click();
  await expect(daily.getByRole("listitem")).toHaveCount(0);
});

test("a special day by hand and a school's calendar file replace the weekly hours", async ({ page }) => {
  await page.goto("/person/leo");
  await page.getByRole("button", { name: /^School nights/ }).click();
  await inForce(page);
  const days = page.getByRole("region", { name: "Special days", exact: true });
  await days.getByRole("button", { name: "Add special days" }).click();
  const dialog = page.getByRole("dialog", { name: "Add special days" });
  const [first, last] = [ahead(70), ahead(73)];
  const compact = (date: string) => date.replaceAll("-", "");
  const lines = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//school//holidays//FR", "BEGIN:VEVENT", "UID:1@school.example",
    `DTSTAMP:${compact(ahead(0))}T000000Z`, `DTSTART;VALUE=DATE:${compact(first)}`, `DTEND;VALUE=DATE:${compact(last)}`,
    "SUMMARY:Vacances", "END:VEVENT", "END:VCALENDAR", "",
  ];
  const file = { name: "school.ics", mimeType: "text/calendar", buffer: Buffer.from(lines.join("\r\n")) };
  await dialog.locator("input[type=file]").setInputFiles({ ...file, buffer: Buffer.from("no calendar") });
  await expect(dialog.getByRole("status")).toContainText("not a calendar");
  await dialog.locator("input[type=file]").setInputFiles(file);
  await expect(dialog.getByRole("status")).toContainText("3 days found in the file");
  await dialog.getByRole("button", { name: "Next month" }).click();
  await dialog.getByRole("button", { name: new RegExp(`^15 ${nextMonth()} `) }).click(); // a day of the calendar
  await dialog.getByRole("button", { name: "Add 4 days" }).click();
  await inForce(page);
  await expect(days.getByRole("listitem")).toHaveCount(3);
  await days.getByRole("button", { name: "and 1 more" }).click();
  await expect(days.getByRole("listitem")).toHaveCount(4);

  const { policy } = (await (await page.request.get(`/api/homes/${home}`)).json()) as { policy: { exceptions: { date: string }[] } };
  const dates = policy.exceptions.map(({ date }) => date);
  expect(dates).toEqual(expect.arrayContaining([ahead(70), ahead(71), ahead(72)]));
});

test("what would happen names the rule that wins, for any day and time", async ({ page }) => {
  await page.goto("/person/leo");
  await page.getByRole("button", { name: /^School nights/ }).click();
  await inForce(page);
  const outlook = page.getByRole("region", { name: "What would happen on…" });
  await outlook.getByLabel("Day").fill("2027-01-11"); // a Monday
  await outlook.getByLabel("Time").fill("22:00");
  await expect(outlook).toContainText(/11 January.*22:00: offline/);
  await expect(outlook).toContainText("Because of: School nights");
  await outlook.getByLabel("Time").fill("12:00");
  await expect(outlook).toContainText(/12:00: online/);
  await outlook.getByText("As a table").click();
  await expect(outlook.getByRole("row").filter({ hasText: "School nights" })).not.toHaveCount(0);
});

test("a name that is refused is said so in its dialog, which stays", async ({ page }) => {
  await page.getByRole("button", { name: "Add a person" }).click();
  const dialog = page.getByRole("dialog", { name: "Who lives here?" });
  await dialog.getByRole("textbox").fill("Bob\u0007");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(dialog.getByRole("alert")).toContainText("Nothing has changed.");
});
