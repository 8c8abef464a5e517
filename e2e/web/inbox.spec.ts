import type { Page } from "@playwright/test";
import { passes } from "./axe.ts";
import { fits, onEveryPlace } from "./every-place.ts";
import { expect, newName, test } from "./fixtures.ts";
import { prompt, queue, taskPlace, tasksOf, toolPlace } from "./tasks.ts";

const cards = (page: Page) => page.getByRole("list", { name: "What waits for you" }).getByRole("listitem");
const cardOf = (page: Page, title: string) => cards(page).filter({ hasText: title });

test("what asks, wants a sign-in, met a limit or failed stands in one list with its count, and is answered in place", async ({
  signedIn: page,
  agent,
}) => {
  const name = await toolPlace(agent);
  const [asks, locked, failed] = [newName("asks"), newName("locked"), newName("fails")];
  await page.goto(`${agent.url}/inbox`);
  await expect(page.getByRole("heading", { name: "Inbox" })).toBeVisible();
  const asking = await prompt(agent, name, asks, "ask");
  await expect(cardOf(page, asks)).toContainText("Which way?");
  await expect(page).toHaveTitle(/^\(\d+\) Inbox · Workspace$/);
  const lockedId = await prompt(agent, name, locked, "noauth");
  await expect(cardOf(page, locked)).toContainText("Not logged in");
  await queue(agent, name, failed, "exit 3");
  await expect(cardOf(page, failed)).toContainText("Failed");
  await expect(page.getByRole("link", { name: /^Inbox.*wait/ })).toBeVisible();

  await cardOf(page, asks).getByRole("button", { name: "left" }).click();
  await expect(cardOf(page, asks)).toHaveCount(0);
  await expect.poll(async () => (await agent.client.tasks.get({ task: asking })).result).toBe("You said: left");
  await cardOf(page, failed)
    .getByRole("button", { name: `Dismiss ${failed}` })
    .click();
  await expect(cardOf(page, failed)).toHaveCount(0);
  await page.reload();
  await expect(cardOf(page, locked)).toBeVisible();
  await expect(cardOf(page, failed)).toHaveCount(0);
  await agent.client.tasks.cancel({ task: lockedId });
  await expect(cardOf(page, locked)).toHaveCount(0);
});

test("an answer in one's own words reaches the conversation, and what is asked further is one with it", async ({
  signedIn: page,
  agent,
}) => {
  const name = await toolPlace(agent);
  const title = newName("talks");
  const id = await prompt(agent, name, title, "ask");
  await page.goto(`${agent.url}/w/${name}/tasks?task=${id}`);
  const { row, section } = tasksOf(page);
  await expect(section("Needs you")).toContainText("Which way?");
  const answer = row(title).getByLabel("Or in your own words");
  await answer.fill("up and away");
  await answer.press("Enter");
  await expect(section("Finished")).toContainText(title);
  await row(title).getByLabel("Go on in this conversation").fill("And now?");
  await row(title).getByRole("button", { name: "Send" }).click();
  await expect
    .poll(async () => (await agent.client.tasks.list({ name })).find(({ followUpOf }) => followUpOf === id)?.result)
    .toBe("You said: And now?");
});

test("a usage limit stands there once for all that it holds, until when is said, and it is tried at a press", async ({
  signedIn: page,
  agent,
}) => {
  const name = await toolPlace(agent);
  const ids = [await prompt(agent, name, newName("meets"), "limit 30")];
  await expect.poll(async () => (await agent.client.tasks.get({ task: ids[0] ?? "" })).status).toBe("limited");
  for (const _ of [1, 2]) ids.push(await prompt(agent, name, newName("held"), "ok"));
  await page.goto(`${agent.url}/inbox`);
  const card = cardOf(page, "helper is at its limit").filter({ hasText: "3 tasks wait for it" });
  await expect(card).toHaveCount(1);
  // After midnight it is another day.
  await expect(card).toContainText(/goes on by itself at (?:\d\d:\d\d|\w+, .*\d:\d\d)/);
  await page.goto(`${agent.url}/w/${name}/tasks`);
  const { section } = tasksOf(page);
  await expect(section("Queued")).toContainText("Its account has met its usage limit");
  await page.goto(`${agent.url}/inbox`);
  await card.getByRole("button", { name: "Try now" }).click();
  await expect.poll(async () => (await agent.client.tasks.get({ task: ids[0] ?? "" })).status).toBe("completed");
  await expect(card).toHaveCount(0);
});

test("a failure that somebody looks at, or tries again, is no news any more, here and in another tab", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = await taskPlace(agent);
  const [looked, again] = [newName("looked"), newName("again")];
  const id = await queue(agent, name, looked, "exit 1");
  await queue(agent, name, again, "exit 1");
  const other = await context.newPage();
  await other.goto(`${agent.url}/inbox`);
  await expect(cardOf(other, looked)).toBeVisible();
  await page.goto(`${agent.url}/w/${name}/tasks?task=${id}`);
  await expect(tasksOf(page).row(looked)).toBeVisible();
  await expect(cardOf(other, looked)).toHaveCount(0);
  await expect(cardOf(other, again)).toBeVisible();
  await cardOf(other, again).getByRole("button", { name: "Try again" }).click();
  await expect(cardOf(other, again).getByText("Failed")).toHaveCount(1);
});

test("whoever is away is told, once they have let the browser, and only of what is new", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = await toolPlace(agent);
  await context.grantPermissions(["notifications"], { origin: agent.url });
  await page.clock.install();
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    window.Notification = class extends EventTarget {
      static readonly permission = "granted";
      constructor(title: string, options: NotificationOptions) {
        super();
        told.push(`${title} | ${options.body} | ${options.tag}`);
      }
      close(): void {}
    } as unknown as typeof Notification;
  });
  await page.goto(`${agent.url}/inbox`);
  await expect(page.getByText("This browser tells you of what is new")).toBeVisible();
  const title = newName("away");
  await prompt(agent, name, newName("before"), "ask");
  await expect(cards(page).filter({ hasText: "before" })).not.toHaveCount(0);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.clock.runFor(40_000);
  const id = await prompt(agent, name, title, "ask");
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await expect.poll(told).toEqual([`${name}: helper asks you | Which way? | ${id}`]);
  await agent.client.tasks.cancel({ task: id });
});

onEveryPlace(
  "no state of the inbox breaks a rule of WCAG 2.2 AA that a machine can check, and it fits the page",
  async (page, agent) => {
    const name = await toolPlace(agent);
    await page.goto(`${agent.url}/inbox`);
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await passes(page);
    const titles = ["ask", "deny", "noauth", "limit 20"].map((scene) => [scene, newName("needs")] as const);
    for (const [scene, title] of titles) await prompt(agent, name, title, scene);
    const failed = newName("fails");
    await queue(agent, name, failed, "exit 1");
    await expect(cardOf(page, failed)).toBeVisible();
    await expect(cardOf(page, "is at its limit").first()).toBeVisible();
    await passes(page);
    await fits(page);
    await page.goto(`${agent.url}/w/${name}/tasks`);
    await tasksOf(page)
      .line(titles[0]?.[1] ?? "")
      .click();
    await expect(page.getByText("Which way?", { exact: true })).toBeVisible();
    await passes(page);
  },
);
