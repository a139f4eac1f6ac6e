import { expect, test } from "@playwright/test";
import { env, home } from "../e2e/house";
import { enter } from "../e2e/staff";
import * as story from "../e2e/story";
import { open, pace, place, slow, tell } from "./stage";

// The story of support for who looks: the customer on a phone, the agent at a desk. scripts/demo --story support --watch.

const phone = { left: 0, width: 390, height: 844 };
const desktop = { left: 400, width: 1440, height: 900 };

test("a person takes over", async () => {
  test.setTimeout(30 * 60_000);
  const [customer, agent] = [await open(phone), await open(desktop)];
  const s: story.Scene = { page: customer.page, desk: agent.page, ...slow };
  const { page, desk } = s;

  await tell("sign-in", async () => {
    await enter(desk);
    await desk.goto("/support");
    await page.goto("/sign-in");
    const data = { email: env("CAREBOX_EMAIL"), password: env("CAREBOX_PASSWORD"), kind: "browser" };
    expect((await page.request.post("/api/sessions", { data })).status()).toBe(201); // not by the form: the browser would offer to keep the password
    await page.goto("/");
    await expect(page.getByRole("article", { name: "Léo", exact: true })).toBeVisible();
  });
  const kase = await tell("ask", () => story.unsolved(s), () => ({ guide: "tv-freezes" }));
  await tell("take", () => story.taken(s, kase));
  const session = await tell("consent", async () => {
    await story.asked(s, "To find out why the TV freezes.");
    return story.allowed(s);
  }, () => ({ minutes: 15 }));
  await tell("see", () => story.mirrored(s));
  await tell("ping", async () => {
    await story.pinged(s);
    return story.ping(desk).getByRole("status").innerText();
  }, (said) => ({ said }));
  await tell("reserve", () => story.reserved(s), () => ({ floorMbit: 8 }));
  await tell("undo", () => story.undone(s));
  await tell("end", async () => {
    await story.stopped(s);
    return (await desk.request.get(`/api/homes/${home}`, { headers: { "Support-Session": session } })).status();
  }, (next) => ({ next }));

  const again = await tell("again", async () => {
    const ended = page.getByRole("dialog", { name: "The visit has ended" });
    await s.tap(ended.getByRole("button", { name: "No", exact: true })); // it was not solved: it goes on
    await story.asked(s, "One more look at the line.");
    const id = await story.allowed(s);
    await story.pinged(s); // so the box has its letter
    return id;
  });
  const own = await tell("cut-off", async () => {
    await story.askedCutOff(s);
    return story.endedAtTheBox(s, again, (shown) => place(shown, phone));
  });
  await tell("link-back", async () => {
    await own.close();
    return story.linkedAgain(s, again);
  }, (onItsWay) => ({ endedBy: "box", onItsWay }));
  const ended = page.getByRole("dialog", { name: "The visit has ended" });
  await s.tap(ended.getByRole("button", { name: "Yes", exact: true }));
  await expect(ended).toBeHidden();
  await page.waitForTimeout(4 * pace);
  await customer.context.close();
  await agent.context.close();
});
