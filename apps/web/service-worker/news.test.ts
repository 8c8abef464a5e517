import { expect, test } from "vitest";
import { newsOf, optionsOf, type Shown } from "./news.ts";

const NEWS = { tag: "task-1", title: "shop: claude asks you", body: "Which way?", path: "/w/shop/tasks?task=task-1" };
const ASKS = { task: "task-1", attempt: 2, reason: "question", options: ["Left", "Right"] };

const shown = (given: object) => optionsOf(newsOf({ ...NEWS, ...given }) as Shown);

test("A question that a press or two can answer has a button for each, and keeps what they answer", () => {
  const { actions, data } = shown({ asks: ASKS });
  expect(actions).toEqual([
    { action: "0", title: "Left" },
    { action: "1", title: "Right" },
  ]);
  expect(data).toEqual({ path: NEWS.path, asks: { ...ASKS, base: "" } });
  const permission = { ...ASKS, reason: "permission", options: [] };
  expect(shown({ asks: permission }).actions.map(({ title }) => title)).toEqual(["Allow all", "Deny"]);
  expect(shown({ asks: { ...permission, permissions: "all" } }).actions.map(({ title }) => title)).toEqual(["Deny"]);
});

test("One with more answers than a browser shows has none of them: a press leads to it", () => {
  const { actions, data } = shown({ asks: { ...ASKS, options: ["a", "b", "c"] } });
  expect([actions, data]).toEqual([[], { path: NEWS.path }]);
});

test("What leads elsewhere, or asks of something else than a worker of this origin, is not believed", () => {
  for (const path of ["//evil.test/", "https://evil.test/", "tasks", "/\\evil.test", "/\t/evil.test"]) {
    expect(newsOf({ ...NEWS, path })).toBeUndefined();
  }
  for (const given of [undefined, null, "x", {}, { tag: 1 }, { ...NEWS, body: 1 }]) {
    expect(newsOf(given)).toBeUndefined();
  }
  for (const wrong of [
    { base: "//evil.test" },
    { base: "/on/../api" },
    { base: "/on/a/b" },
    { task: "../devices" },
    { attempt: "2" },
    { options: [1] },
    { options: ["yes\u202eon"] },
    { options: ["Yes\nand all else"] },
    { options: "Left" },
  ]) {
    expect(newsOf({ ...NEWS, asks: { ...ASKS, ...wrong } })).toMatchObject({ asks: undefined });
  }
});

test("What is over is only named; what says so in its place makes no sound", () => {
  expect(newsOf({ tag: "task-1", over: true })).toEqual({ tag: "task-1", over: true });
  expect(shown({ silent: true })).toMatchObject({ silent: true, renotify: false });
  expect(shown({})).toMatchObject({ silent: false, renotify: true, tag: "task-1" });
});
