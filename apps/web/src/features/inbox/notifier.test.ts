import { expect, test } from "vitest";
import { taskFixture } from "../../testing/task-fixture.ts";
import type { InboxItem } from "./items.ts";
import { AWAY_MS, createNotifier, type News } from "./notifier.ts";

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
  const notifier = createNotifier({ now: () => clock, hiddenSince: () => hidden, show: (news) => shown.push(news) });
  return {
    shown,
    notifier,
    leave: () => void (hidden = clock),
    back: () => void (hidden = undefined),
    wait: (ms: number) => void (clock += ms),
  };
}

test("Whoever is away is told of what is new, each thing once", () => {
  const { shown, notifier, leave, wait } = setup();
  notifier.update([asks("a")]);
  leave();
  wait(AWAY_MS);
  notifier.update([asks("a"), asks("b")]);
  notifier.update([asks("a"), asks("b")]);
  expect(shown).toEqual([{ tag: "b", title: "demo: claude asks you", body: "Which way?" }]);
});

test("Nobody is told of what they may look at, nor of what was there when the page was opened", () => {
  const { shown, notifier, leave, back, wait } = setup();
  notifier.update([asks("a")]);
  notifier.update([asks("a"), asks("b")]);
  leave();
  wait(AWAY_MS - 1);
  notifier.update([asks("a"), asks("b"), asks("c")]);
  wait(AWAY_MS);
  back();
  notifier.update([asks("d")]);
  expect(shown).toEqual([]);
});

test("What went and comes again is told again", () => {
  const { shown, notifier, leave, wait } = setup();
  notifier.update([]);
  leave();
  wait(AWAY_MS);
  for (const items of [[asks("a")], [], [asks("a")]]) notifier.update(items);
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
  notifier.update([limit("one", [task]), limit("two", [task, ...others])]);
  expect(shown.map(({ body }) => body)).toEqual(["do a", "2 tasks wait for it."]);
});
