import type { ComparisonInfo } from "@ws/rpc-contract";
import { expect, test } from "vitest";
import { taskFixture } from "../../testing/task-fixture.ts";
import { workspaceFixture } from "../../testing/workspace-fixture.ts";
import { attemptsNow, isAtWork, othersOf, standingOf, whyNotPicked } from "./attempt.ts";

const id = "attempts-0123456789ab";
const pullRequest = {
  number: 5,
  url: "https://forge.example/5",
  state: "open" as const,
  sourceBranch: "b",
  targetBranch: "main",
  title: "t",
  draft: false,
  createdAt: "2026-11-01T10:00:00.000Z",
};
const task = (number: number, given: Parameters<typeof taskFixture>[0] = {}) =>
  taskFixture({ id: `t${number}`, workspaceId: `ws-${number}`, execution: id, status: "completed", ...given });
const comparison: ComparisonInfo = {
  id,
  title: "Mend it",
  startedAt: "2026-11-01T10:00:00.000Z",
  base: "main",
  attempts: [1, 2, 3].map((number) => ({
    name: `demo-${number}`,
    workspaceId: `ws-${number}`,
    status: "running" as const,
    task: task(number),
  })),
};
const workspaces = [1, 2, 3].map((number) => workspaceFixture({ id: `ws-${number}`, name: `demo-${number}` }));

test("what the stream told since counts: a new name, a state, a further task, a pull request", () => {
  const [, second, third] = workspaces;
  const now = attemptsNow(comparison, {
    workspaces: [
      workspaceFixture({ id: "ws-1", name: "renamed", status: "stopped", baseBranch: "release" }),
      { ...(second ?? workspaceFixture()), pullRequest },
      third ?? workspaceFixture(),
    ],
    tasks: new Map([["t9", task(3, { id: "t9", status: "running", createdAt: "2026-11-02T10:00:00.000Z" })]]),
  });
  expect(now.map(({ number, name, status, from }) => [number, name, status, from])).toEqual([
    [1, "renamed", "stopped", "origin/release"],
    [2, "demo-2", "running", "origin/main"],
    [3, "demo-3", "running", "origin/main"],
  ]);
  expect(now[1]?.pullRequest?.number).toBe(5);
  expect(now[2]?.task?.id).toBe("t9");
  expect(now.map(isAtWork)).toEqual([false, false, true]);
});

test("one that is gone stays in its place, and where nothing tells of a base the default branch is compared with", () => {
  const { base: _base, ...rest } = comparison;
  const gone = {
    ...rest,
    attempts: rest.attempts.map((one, at) => (at === 0 ? { ...one, status: "removed" as const } : one)),
  };
  const now = attemptsNow(gone, { workspaces: workspaces.slice(1), tasks: undefined });
  expect(now.map(({ status, from }) => [status, from])).toEqual([
    ["removed", "origin/HEAD"],
    ["running", "origin/HEAD"],
    ["running", "origin/HEAD"],
  ]);
});

test("a pick removes the others that are there and have no open pull request", () => {
  const [one, two, three] = attemptsNow(comparison, { workspaces, tasks: undefined });
  if (one === undefined || two === undefined || three === undefined) throw new Error("there are three");
  expect(othersOf([one, { ...two, pullRequest }, { ...three, status: "removed" }], one)).toEqual([]);
  expect(othersOf([one, two, three], two)).toEqual([one, three]);
});

test.each([
  [{ status: "removed" as const }, false, /gone/],
  [{ status: "creating" as const }, false, /still being made/],
  [{ status: "error" as const }, false, /could not be made/],
  [{ task: task(1, { status: "running" }) }, false, /not over yet/],
  [{ task: task(1, { status: "limited" }) }, false, /not over yet/],
  [{ task: task(1, { status: "waiting_input" }) }, false, undefined],
  [{ status: "stopped" as const }, false, undefined],
  [{}, true, /does not answer/],
])("whether it can be picked: %#", (given, offline, why) => {
  const [one] = attemptsNow(comparison, { workspaces, tasks: undefined });
  if (one === undefined) throw new Error("there is one");
  const said = whyNotPicked({ ...one, ...given }, offline);
  if (why === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(why);
});

test("how a comparison stands is said in a few words", () => {
  const now = attemptsNow(comparison, { workspaces, tasks: undefined });
  const [one, ...rest] = now;
  if (one === undefined) throw new Error("there is one");
  expect(standingOf(now)).toBe("Ready to be compared");
  expect(standingOf([{ ...one, task: task(1, { status: "running" }) }, ...rest])).toBe("1 of 3 still at work");
  expect(standingOf([{ ...one, task: task(1, { status: "waiting_input" }) }, ...rest])).toBe("1 of 3 waiting for you");
  expect(standingOf([{ ...one, pullRequest }, ...rest])).toBe("Picked: demo-1");
  expect(standingOf(now.map((attempt) => ({ ...attempt, status: "removed" as const })))).toBe("All of it is gone");
});
