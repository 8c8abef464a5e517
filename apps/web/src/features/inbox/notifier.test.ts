import { expect, test } from "vitest";
import { taskFixture } from "../../testing/task-fixture.ts";
import type { InboxItem } from "./items.ts";
import type { News } from "../../notifications/browser.ts";
import type { NewsKind } from "../../notifications/choices.ts";
import { workspaceFixture } from "../../testing/workspace-fixture.ts";
import { AWAY_MS, createNotifier, type Tellable } from "./notifier.ts";
import { tellablesOf } from "./tellable.ts";

const waiting = (...items: InboxItem[]) => tellablesOf({ items, tasks: [], workspaces: [], base: "" });
const asks = (id: string): InboxItem => ({
  kind: "task",
  key: id,
  since: 0,
  task: taskFixture({
    id,
    status: "waiting_input",
    tool: "claude",
    question: { text: "Which way?", reason: "question" },
  }),
});

function setup() {
  const shown: News[] = [];
  let clock = 1_000_000;
  let hidden: number | undefined;
  const unwanted = new Set<NewsKind>();
  const notifier = createNotifier({
    now: () => clock,
    hiddenSince: () => hidden,
    wants: (kind) => !unwanted.has(kind),
    show: (news) => shown.push(news),
  });
  return {
    shown,
    unwanted,
    notifier,
    leave: () => void (hidden = clock),
    back: () => void (hidden = undefined),
    wait: (ms: number) => void (clock += ms),
  };
}

test("Whoever is away is told of what is new, each thing once", () => {
  const { shown, notifier, leave, wait } = setup();
  notifier.update(waiting(asks("a")));
  leave();
  wait(AWAY_MS);
  notifier.update(waiting(asks("a"), asks("b")));
  notifier.update(waiting(asks("a"), asks("b")));
  expect(shown).toEqual([
    {
      tag: "b",
      title: "demo: claude asks you",
      body: "Which way?",
      asks: { task: "b", attempt: 0, base: "", text: "Which way?", reason: "question" },
    },
  ]);
});

test("Nobody is told of what they may look at, nor of what was there when the page was opened", () => {
  const { shown, notifier, leave, back, wait } = setup();
  notifier.update(waiting(asks("a")));
  notifier.update(waiting(asks("a"), asks("b")));
  leave();
  wait(AWAY_MS - 1);
  notifier.update(waiting(asks("a"), asks("b"), asks("c")));
  wait(AWAY_MS);
  back();
  notifier.update(waiting(asks("d")));
  expect(shown).toEqual([]);
});

test("What went and comes again is told again", () => {
  const { shown, notifier, leave, wait } = setup();
  notifier.update([]);
  leave();
  wait(AWAY_MS);
  for (const items of [[asks("a")], [], [asks("a")]]) notifier.update(waiting(...items));
  expect(shown.map(({ tag }) => tag)).toEqual(["a", "a"]);
});

test("Of a usage limit it is told how many tasks it holds, and of a single one which", () => {
  const { shown, notifier, leave, wait } = setup();
  const tasks = ["a", "b"].map((id) => taskFixture({ id, status: "limited", tool: "claude", title: `do ${id}` }));
  const [task = taskFixture({}), ...others] = tasks;
  const limit = (account: string, held: typeof tasks): InboxItem => ({
    kind: "limit",
    key: `limit ${account}`,
    since: 0,
    account,
    task,
    held,
  });
  notifier.update([]);
  leave();
  wait(AWAY_MS);
  notifier.update(waiting(limit("one", [task]), limit("two", [task, ...others])));
  expect(shown.map(({ body }) => body)).toEqual(["do a", "2 tasks wait for it."]);
});

test("Whoever is away is told of a task that is done and of checks that fail, each time anew", () => {
  const { shown, notifier, leave, wait } = setup();
  const all = (attempt: number, at: string): Tellable[] =>
    tellablesOf({
      items: [],
      tasks: ["running", "completed"].map((status) =>
        taskFixture({ id: status, status: status as "running", attempt }),
      ),
      workspaces: [
        workspaceFixture({ name: "shop", checks: { state: "failure", failed: ["lint", "test"], at } }),
        workspaceFixture({ name: "quiet", checks: { state: "pending", failed: [], at } }),
      ],
      base: "",
    });
  notifier.update([]);
  leave();
  wait(AWAY_MS);
  notifier.update(all(1, "2026-11-01T10:00:00.000Z"));
  notifier.update(all(1, "2026-11-01T10:00:00.000Z"));
  expect(shown.map(({ title, body }) => `${title}. ${body}`)).toEqual([
    "demo: a task is done. npm test",
    "shop: checks fail. lint, test",
  ]);
  notifier.update(all(2, "2026-11-01T11:00:00.000Z"));
  expect(shown).toHaveLength(4);
});

test("Of what somebody does not want they are not told, also not once they want it again", () => {
  const { shown, notifier, unwanted, leave, wait } = setup();
  notifier.update([]);
  leave();
  wait(AWAY_MS);
  unwanted.add("asks");
  notifier.update(waiting(asks("a")));
  unwanted.clear();
  notifier.update(waiting(asks("a"), asks("b")));
  expect(shown.map(({ tag }) => tag)).toEqual(["b"]);
});
