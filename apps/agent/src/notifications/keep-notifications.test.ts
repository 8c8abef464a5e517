import { join } from "node:path";
import type { TaskRecord } from "@ws/workspace-core";
import { createManualClock, newTask } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { createTokens } from "../store/tokens.ts";
import { createPushBrowser, readVapid } from "../testing/push-browser.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { keepNotifications, PATIENCE_MS } from "./keep-notifications.ts";
import { createSubscriptions } from "./subscriptions.ts";

interface Taken {
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

const PHONE = createPushBrowser("https://fcm.googleapis.com/fcm/send/phone");
const SAFARI = createPushBrowser("https://web.push.apple.com/QGuQyavXutnMH");
const DESK = createPushBrowser("https://updates.push.services.mozilla.com/wpush/v2/desk");

/** A worker whose tasks change as the test says, and push services that answer as it says. */
function setUp(
  answers: (url: string) => Response = () => new Response(null, { status: 201 }),
  contact = "mailto:ada@example.com",
  before: TaskRecord[] = [],
) {
  const directory = tempDir();
  const log = createSilentLog();
  const db = openDatabase(join(directory.path, "state.db"), log);
  const clock = createManualClock();
  const closing = new AbortController();
  const tokens = createTokens(db, clock);
  const subscriptions = createSubscriptions(db, { tokens, insist: (work) => work() });
  const tasks = new Map<string, TaskRecord>(before.map((task) => [task.id, task]));
  const queue: TaskRecord[] = [];
  let wake = () => {};
  const taken: Taken[] = [];
  const settings = new Map<string, string>();
  let answer: (url: string) => Response | Promise<Response> = answers;
  const notifications = keepNotifications({
    tasks: async () => ({
      get: (id) => tasks.get(id) as TaskRecord,
      list: () => [...before],
      async *changes() {
        while (!closing.signal.aborted) {
          const next = queue.shift();
          if (next !== undefined) yield next;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    }),
    workspaces: async () => ({ find: () => ({ name: "storefront" }) as never }),
    subscriptions,
    config: {
      get: (key: string) => (key === "notifications.contact" ? contact : []),
      secrets: {
        setting: (key: string) => settings.get(key),
        setSetting: (key: string, value: string | undefined) => void settings.set(key, value ?? ""),
      } as never,
    },
    clean: (text, workspace) => text.replaceAll("hunter2", "***").replaceAll(`secret of ${workspace}`, "***"),
    fetch: async (asked, init) => {
      const url = asked instanceof Request ? asked.url : String(asked);
      taken.push({
        url,
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: init?.body as Uint8Array,
      });
      return answer(url);
    },
    clock,
    log,
    closing: closing.signal,
  });
  onTestFinished(() => {
    closing.abort();
    wake();
    db.close();
    directory[Symbol.dispose]();
  });
  return {
    notifications,
    subscriptions,
    tokens,
    taken,
    log,
    answer: (other: typeof answer) => void (answer = other),
    subscribe(browser: typeof PHONE, kinds: readonly ("asks" | "failed" | "finished")[]) {
      const token = tokens.create({ name: browser.endpoint, scope: "admin" }).id;
      subscriptions.put({ endpoint: browser.endpoint, token, keys: browser.keys, kinds, host: "ws.lovelace.dev" });
      return token;
    },
    changed(task: TaskRecord) {
      tasks.set(task.id, task);
      queue.push(task);
      wake();
    },
    /** The next message that a push service is given, once the time has passed that somebody has to answer in the dashboard. */
    async next(): Promise<Taken> {
      const before = taken.length;
      while (taken.length === before) await this.pass();
      return taken.at(-1) as Taken;
    },
    /** Lets what was begun come to its sleep, and passes that. */
    async pass() {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(PATIENCE_MS);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const asking = (more: Partial<TaskRecord> = {}) =>
  newTask({ status: "waiting_input", question: { text: "May I push, hunter2?" }, ...more } as Partial<TaskRecord>);

test("a task that asks is told to a browser, so that only that browser can read it, and who sends is signed", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["asks"]);
  const task = asking();
  world.changed(task);
  const { url, headers, body } = await world.next();
  expect(url).toBe(PHONE.endpoint);
  expect(PHONE.read(body)).toEqual({
    tag: task.id,
    path: `/w/storefront/tasks?task=${task.id}`,
    title: "storefront: a task asks you",
    body: "May I push, ***?",
  });
  expect(() => DESK.read(body)).toThrow();
  expect(Buffer.from(body).includes("storefront")).toBe(false);
  const { key, claims } = readVapid(headers["authorization"] ?? "");
  expect(key).toBe(world.notifications.publicKey());
  expect(claims).toMatchObject({ aud: "https://fcm.googleapis.com", sub: "mailto:ada@example.com" });
  expect(headers).toMatchObject({ "content-encoding": "aes128gcm", urgency: "high", ttl: "86400" });
});

test("what a press or two can answer says of which question; more, hidden or secret words are answered in the dashboard", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["asks"]);
  const said = async (question: TaskRecord["question"]) => {
    world.changed(asking({ question, attempt: 2 } as Partial<TaskRecord>));
    return PHONE.read((await world.next()).body) as { asks?: object };
  };
  const task = expect.any(String);
  const reason = "question";
  expect((await said({ text: "Which?", reason, options: ["Left", "Right"] })).asks).toEqual({
    task,
    attempt: 2,
    reason,
    options: ["Left", "Right"],
  });
  expect((await said({ text: "It was not allowed.", reason: "permission" })).asks).toEqual({
    task,
    attempt: 2,
    reason: "permission",
    options: [],
  });
  for (const options of [["a", "b", "c"], ["hunter2"], ["yes\u202eon"], ["x".repeat(41)], []]) {
    expect(await said({ text: "Which?", reason, options })).not.toHaveProperty("asks");
  }
});

test("a question that was answered elsewhere leaves the browsers that show it, as each allows", async () => {
  const world = setUp();
  for (const browser of [PHONE, DESK, SAFARI]) world.subscribe(browser, ["asks"]);
  const task = asking();
  world.changed(task);
  await world.next();
  await expect.poll(() => world.taken).toHaveLength(3);
  world.changed({ ...task, status: "running", attempt: task.attempt + 1 });
  await expect.poll(() => world.taken).toHaveLength(5);
  const last = new Map(world.taken.slice(3).map((taken) => [taken.url, taken]));
  const topics = new Set(world.taken.map(({ headers }) => headers["topic"]));
  expect(PHONE.read(last.get(PHONE.endpoint)?.body ?? new Uint8Array())).toEqual({ tag: task.id, over: true });
  expect(DESK.read(last.get(DESK.endpoint)?.body ?? new Uint8Array())).toMatchObject({
    tag: task.id,
    body: "Over by now: May I push, ***?",
    silent: true,
  });
  // What was not fetched yet is not shown at all.
  expect(topics.size).toBe(1);
  world.changed({ ...task, status: "completed", attempt: task.attempt + 1 });
  await world.pass();
  expect(world.taken).toHaveLength(5);
});

test("what ends before somebody's eyes is not told when they go, however long they have stayed", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["asks", "finished"]);
  world.notifications.look("desk", true);
  await world.pass();
  world.changed(newTask({ status: "completed", changedAt: Date.UTC(2026, 0, 1) + PATIENCE_MS }));
  await new Promise((resolve) => setImmediate(resolve));
  world.notifications.look("desk", false);
  for (const _ of Array(4)) await world.pass();
  expect(world.taken).toEqual([]);
});

test("nobody is told while somebody looks; of what still waits when they go", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["asks", "finished"]);
  world.notifications.look("desk", true);
  world.changed(asking());
  for (const _ of Array(4)) {
    world.notifications.look("desk", true);
    await world.pass();
  }
  expect(world.taken).toEqual([]);
  world.notifications.look("laptop", true);
  world.notifications.look("desk", false);
  await world.pass();
  expect(world.taken).toEqual([]);
  expect(PHONE.read((await world.next()).body)).toMatchObject({ body: "May I push, ***?" });
});

test("of what ended before somebody's eyes nobody is told, also not once they have gone", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["asks", "finished"]);
  world.changed(newTask({ status: "completed" }));
  world.notifications.look("desk", true);
  world.notifications.look("desk", false);
  await world.pass();
  const task = asking();
  world.changed(task);
  expect(PHONE.read((await world.next()).body)).toMatchObject({ tag: task.id });
  expect(world.taken).toHaveLength(1);
});

test("who sends is the address that the browser came by, where nothing else was chosen", async () => {
  const world = setUp(undefined, "");
  world.subscribe(PHONE, ["asks"]);
  world.changed(asking());
  const { headers } = await world.next();
  expect(readVapid(headers["authorization"] ?? "").claims).toMatchObject({ sub: "https://ws.lovelace.dev" });
});

test("what was answered in the dashboard meanwhile is told nobody", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["asks"]);
  const answered = asking();
  world.changed(answered);
  world.changed({ ...answered, status: "running" });
  const asks = asking();
  world.changed(asks);
  const { body } = await world.next();
  expect(PHONE.read(body)).toMatchObject({ tag: asks.id });
  await world.pass();
  expect(world.taken).toHaveLength(1);
});

test("each browser is told what it wanted, and one whose token has ended nothing any more", async () => {
  const world = setUp();
  const token = world.subscribe(PHONE, ["asks", "failed"]);
  world.subscribe(DESK, ["failed"]);
  world.changed(newTask({ status: "completed" }));
  world.changed(asking());
  await world.next();
  expect(world.taken.map(({ url }) => url)).toEqual([PHONE.endpoint]);
  world.tokens.revoke(token);
  world.changed(newTask({ status: "failed", title: "x".repeat(5_000) }));
  const { url, body } = await world.next();
  expect(url).toBe(DESK.endpoint);
  expect(body.byteLength).toBeLessThan(4_096);
  expect(world.taken).toHaveLength(2);
});

test("a browser that its service knows no more is forgotten; one that is refused is kept, and its address stays out of the log", async () => {
  const world = setUp((url) => new Response(null, { status: url === PHONE.endpoint ? 410 : 503 }));
  world.subscribe(PHONE, ["asks"]);
  world.subscribe(DESK, ["asks"]);
  await expect(world.notifications.test(PHONE.endpoint)).rejects.toMatchObject({ code: "browser_unknown" });
  await expect(world.notifications.test(DESK.endpoint)).rejects.toMatchObject({
    code: "notification_refused",
    data: { status: 503 },
  });
  expect(world.subscriptions.live().map(({ endpoint }) => endpoint)).toEqual([DESK.endpoint]);
  expect(JSON.stringify(world.log.lines)).not.toContain("/wpush/v2/desk");
});

test("no secret that a task's workspace was given is told, in its title neither", async () => {
  const world = setUp();
  world.subscribe(PHONE, ["failed"]);
  world.changed(newTask({ status: "failed", title: "curl -u secret of ws-a" }));
  expect(PHONE.read((await world.next()).body)).toMatchObject({ body: "curl -u ***" });
});

test("what was asked just before the agent's end is told by the next one; what is older was told", async () => {
  const now = Date.UTC(2026, 0, 1);
  const fresh = asking({ changedAt: now - 5_000 });
  const world = setUp(undefined, undefined, [asking({ changedAt: now - 3_600_000 }), fresh]);
  world.subscribe(PHONE, ["asks"]);
  expect(PHONE.read((await world.next()).body)).toMatchObject({ tag: fresh.id });
  await world.pass();
  expect(world.taken).toHaveLength(1);
});

test("what its service will never take is forgotten after some refusals in a row, as is what nothing can be encrypted for", async () => {
  let status = 403;
  const world = setUp(() => new Response(null, { status }));
  world.subscribe(PHONE, ["asks"]);
  const refused = () =>
    expect(world.notifications.test(PHONE.endpoint)).rejects.toMatchObject({ code: "notification_refused" });
  for (let time = 0; time < 4; time += 1) await refused();
  status = 201;
  await world.notifications.test(PHONE.endpoint);
  status = 403;
  for (let time = 0; time < 4; time += 1) await refused();
  expect(world.subscriptions.live()).toHaveLength(1);
  await refused();
  expect(world.subscriptions.live()).toEqual([]);
  const noPoint = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 7)]).toString("base64url");
  world.subscribe({ ...DESK, keys: { ...DESK.keys, p256dh: noPoint } }, ["asks"]);
  await expect(world.notifications.test(DESK.endpoint)).rejects.toMatchObject({ code: "notification_refused" });
});

test("many browsers are told a few at a time", async () => {
  let open = 0;
  let most = 0;
  const world = setUp();
  const all = Array.from({ length: 30 }, (_, at) => createPushBrowser(`https://fcm.googleapis.com/fcm/send/${at}`));
  for (const browser of all) world.subscribe(browser, ["asks"]);
  world.answer(async () => {
    most = Math.max(most, (open += 1));
    await new Promise((resolve) => setImmediate(resolve));
    open -= 1;
    return new Response(null, { status: 201 });
  });
  world.changed(asking());
  while (world.taken.length < all.length) await world.pass();
  expect(most).toBeLessThanOrEqual(8);
  expect(new Set(world.taken.map(({ url }) => url)).size).toBe(all.length);
});
