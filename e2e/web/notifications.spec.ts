import { createECDH } from "node:crypto";
import type { BrowserContext, Page, Worker } from "@playwright/test";
import type { AgentProcess } from "../support/agent-process.ts";
import { fits, phone } from "./every-place.ts";
import { expect, newName, test } from "./fixtures.ts";
import { prompt, tasksOf, toolPlace } from "./tasks.ts";

test.use({ serviceWorkers: "allow" });

/** What this file's types know nothing of: they are a page's. */
interface Scope {
  registration: ServiceWorkerRegistration;
  dispatchEvent(event: Event): boolean;
  NotificationEvent: new (type: string, init: { notification: Notification; action: string }) => Event;
}

interface Seen {
  tag: string;
  title: string;
  body: string;
  actions: string[];
}

test("a question is answered in its notification while no page is open, once, and only the one that was shown", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = await toolPlace(agent);
  const told = await toldBrowser(page, context, agent);
  const [asking, denied] = [newName("asks"), newName("denied")];
  const asks = await askedOf(agent, await prompt(agent, name, asking, "ask"));
  const wants = await askedOf(agent, await prompt(agent, name, denied, "deny", "edits"));
  await page.goto("about:blank");

  await told.push({ ...asks, options: ["left", "right"], reason: "question" });
  await expect.poll(() => told.shown(asks.task)).toMatchObject({ actions: ["left", "right"] });
  await told.press(asks.task, "right");
  const resultOf = async (task: string) => (await agent.client.tasks.get({ task })).result;
  await expect.poll(() => resultOf(asks.task)).toBe("You said: right");
  expect(await told.shown(asks.task)).toBeUndefined();

  // It came a second time, as it does where a device was away.
  await told.push({ ...asks, options: ["left", "right"], reason: "question" });
  await told.press(asks.task, "left");
  const over = "Nothing was done: it was answered already, or is over.";
  expect(await told.shown(asks.task)).toMatchObject({ body: over, actions: [] });
  expect(await resultOf(asks.task)).toBe("You said: right");

  await told.push({ ...wants, options: [], reason: "permission" });
  expect(await told.shown(wants.task)).toMatchObject({ actions: ["Allow all", "Deny"] });
  await told.press(wants.task, "Deny");
  // Now it asks the same in so many words, of another try.
  const again = await askedOf(agent, wants.task, wants.attempt);
  await told.push({ ...wants, options: [], reason: "permission" });
  await told.press(wants.task, "Allow all");
  expect(await told.shown(wants.task)).toMatchObject({ body: over });
  expect(await agent.client.tasks.get({ task: wants.task })).toMatchObject({ status: "waiting_input" });
  expect((await agent.client.tasks.get({ task: wants.task })).permissions).not.toBe("all");
  await told.push({ ...again, options: [], reason: "permission" });
  await told.press(wants.task, "Allow all");
  await expect.poll(async () => (await agent.client.tasks.get({ task: wants.task })).permissions).toBe("all");
  expect((await agent.client.tasks.list({ name })).length).toBe(2);
  await agent.client.tasks.cancel({ task: wants.task });
});

test("where the worker cannot be reached or nobody is signed in a press does nothing and says so", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = await toolPlace(agent);
  const told = await toldBrowser(page, context, agent);
  const asks = await askedOf(agent, await prompt(agent, name, newName("asks"), "ask"));
  await told.push({ ...asks, options: ["left", "right"], reason: "question" }, page);
  await context.setOffline(true);
  await told.press(asks.task, "left");
  const away = "The worker did not answer. Try again, or look in the dashboard.";
  expect(await told.shown(asks.task)).toMatchObject({ body: away, actions: ["left", "right"] });
  await context.setOffline(false);
  await page.goto(agent.url);
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect.poll(() => page.evaluate(() => caches.has("ws.told"))).toBe(false);
  await told.press(asks.task, "left");
  expect(await told.shown(asks.task)).toMatchObject({ body: "Nothing was done: this browser is not signed in." });
  expect((await agent.client.tasks.get({ task: asks.task })).status).toBe("waiting_input");
  await agent.client.tasks.cancel({ task: asks.task });
});

test("a page that is out of sight tells with the same buttons, and what was answered elsewhere is closed", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const name = await toolPlace(agent);
  const told = await toldBrowser(page, context, agent);
  await page.clock.install();
  const looks = page.waitForRequest(/\/rpc\/notifications\/look$/);
  await page.goto(`${agent.url}/inbox`);
  // What a page does beside its screen has begun.
  await looks;
  await expect(page.getByText("This browser tells you of what is new")).toBeVisible();
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.clock.runFor(40_000);
  const { task, attempt } = await askedOf(agent, await prompt(agent, name, newName("away"), "ask"));
  await expect
    .poll(() => told.shown(task))
    .toMatchObject({ title: `${name}: helper asks you`, actions: ["left", "right"] });
  await agent.client.tasks.resume({ task, attempt, prompt: "left" });
  await expect.poll(() => told.shown(task)).toBeUndefined();
});

test("a subscription that the browser ends is made anew by itself, and told to the worker", async ({
  signedIn: page,
  context,
  agent,
}) => {
  const told = await toldBrowser(page, context, agent);
  const { publicKey } = await agent.client.notifications.key();
  const endpoints = ["old", "new"].map((end) => `https://fcm.googleapis.com/fcm/send/${newName(end)}`);
  const [old = "", renewed = ""] = endpoints;
  const ecdh = createECDH("prime256v1");
  const keys = { p256dh: ecdh.generateKeys("base64url"), auth: "A".repeat(22) };
  const ask = (what: string, body: object) =>
    page.evaluate(
      async ([what, body]) => {
        const method = what === "subscription" ? "PUT" : "POST";
        const headers = {
          authorization: `Bearer ${localStorage.getItem("ws.token")}`,
          "content-type": "application/json",
        };
        return (await fetch(`/api/notifications/${what}`, { method, headers, body: JSON.stringify(body) })).json();
      },
      [what, body] as const,
    );
  await ask("subscription", { endpoint: old, keys, kinds: ["asks"] });
  await page.evaluate(
    async (push) => {
      const cache = await caches.open("ws.told");
      const kept = await (await cache.match("/told"))?.json();
      await cache.put("/told", new Response(JSON.stringify({ ...kept, push })));
    },
    { endpoint: old, publicKey, kinds: ["asks"] },
  );
  // No push service is reached from here: what it would give stands in its place.
  await told.worker.evaluate(
    async ([endpoint, keys]) => {
      const { registration, dispatchEvent } = globalThis as unknown as Scope;
      Object.defineProperty(registration.pushManager, "subscribe", {
        value: async () => ({ toJSON: () => ({ endpoint, keys }) }),
      });
      const event = new Event("pushsubscriptionchange");
      let work: Promise<void> | undefined;
      Object.defineProperty(event, "waitUntil", { value: (given: Promise<void>) => (work = given) });
      dispatchEvent.call(globalThis, event);
      await work;
    },
    [renewed, keys] as const,
  );
  expect(await ask("show", { endpoint: renewed })).toEqual({ kinds: ["asks"] });
  expect(await ask("show", { endpoint: old })).toEqual({});
  expect(await ask("look", { here: true })).toEqual({ told: true });
  await ask("unsubscribe", { endpoint: renewed });
});

test.describe("on a phone", () => {
  test.use(phone);

  test("what waits is answered by a thumb, in the inbox and in the task's conversation", async ({
    signedIn: page,
    agent,
  }) => {
    const name = await toolPlace(agent);
    const [asking, denied] = [newName("asks"), newName("denied")];
    const first = await prompt(agent, name, asking, "ask");
    const second = await prompt(agent, name, denied, "deny", "edits");
    await page.goto(`${agent.url}/inbox`);
    const card = page.getByRole("listitem").filter({ hasText: denied });
    for (const label of ["Allow all that its workspace lets it do", "Deny"]) {
      const button = card.getByRole("button", { name: label });
      await button.scrollIntoViewIfNeeded();
      await expect(button).toBeInViewport({ ratio: 1 });
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    await fits(page);
    const { attempt } = await askedOf(agent, second);
    await card.getByRole("button", { name: "Deny" }).tap();
    await askedOf(agent, second, attempt);
    await agent.client.tasks.cancel({ task: second });

    await page.goto(`${agent.url}/w/${name}/tasks?task=${first}`);
    const left = tasksOf(page).row(asking).getByRole("button", { name: "left" });
    await left.scrollIntoViewIfNeeded();
    await expect(left).toBeInViewport({ ratio: 1 });
    expect((await left.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    await fits(page);
    await left.tap();
    await expect.poll(async () => (await agent.client.tasks.get({ task: first })).result).toBe("You said: left");
  });
});

/** Which try of a task asks, once one after `before` does. */
async function askedOf(agent: AgentProcess, task: string, before = 0): Promise<{ task: string; attempt: number }> {
  const asked = async () => {
    const { status, attempt } = await agent.client.tasks.get({ task });
    return status === "waiting_input" && attempt > before;
  };
  await expect.poll(asked).toBe(true);
  return { task, attempt: (await agent.client.tasks.get({ task })).attempt };
}

/** A browser that may be told things: pushes come in by its tools, as from a push service, and its buttons are pressed as by the system. */
async function toldBrowser(page: Page, context: BrowserContext, agent: AgentProcess) {
  await context.grantPermissions(["notifications"], { origin: agent.url });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect.poll(() => page.evaluate(() => caches.has("ws.told"))).toBe(true);
  const session = await context.newCDPSession(page);
  const registered = new Promise<string>((resolve) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const found = registrations.find(({ scopeURL }) => scopeURL === `${agent.url}/`);
      if (found !== undefined) resolve(found.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  const [worker] = context.serviceWorkers();
  if (worker === undefined) throw new Error("The page has no service worker.");

  const shown = (tag: string) => seen(worker, tag);
  return {
    worker,
    shown,
    /** A question of a task, as the worker tells it; to a page that is in front nothing is shown, so `away` leaves it first. */
    async push({ task, ...asks }: { task: string; attempt: number; options: string[]; reason: string }, away?: Page) {
      await away?.goto("about:blank");
      const news = { tag: task, title: "It asks you", body: "May it?", path: "/inbox", asks: { task, ...asks } };
      await session.send("ServiceWorker.deliverPushMessage", {
        origin: agent.url,
        registrationId,
        data: JSON.stringify(news),
      });
      await expect.poll(() => shown(task)).toMatchObject({ body: "May it?" });
    },
    /** Resolves once all is done that the press began. */
    press: (tag: string, label: string) =>
      worker.evaluate(
        async ([tag, label]) => {
          const { registration, dispatchEvent, NotificationEvent } = globalThis as unknown as Scope;
          const [notification] = await registration.getNotifications({ tag });
          if (notification === undefined) throw new Error(`Nothing is shown of ${tag}.`);
          const { actions } = notification as Notification & { actions: { action: string; title: string }[] };
          const action = actions.find(({ title }) => title === label)?.action;
          if (action === undefined) throw new Error(`It has no button ${label}.`);
          const event = new NotificationEvent("notificationclick", { notification, action });
          let work: Promise<void> | undefined;
          // Only the system's own events may be waited for.
          Object.defineProperty(event, "waitUntil", { value: (given: Promise<void>) => (work = given) });
          dispatchEvent.call(globalThis, event);
          await work;
        },
        [tag, label] as const,
      ),
  };
}

/** The notification of a tag, as the system has it. */
function seen(worker: Worker, tag: string): Promise<Seen | undefined> {
  return worker.evaluate(async (tag) => {
    const { registration } = globalThis as unknown as Scope;
    const [found] = (await registration.getNotifications({ tag })) as (Notification & {
      actions: { title: string }[];
    })[];
    if (found === undefined) return undefined;
    const { title, body, actions } = found;
    return { tag, title, body, actions: actions.map((action) => action.title) };
  }, tag);
}
