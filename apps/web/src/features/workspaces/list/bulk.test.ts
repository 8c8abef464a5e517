import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { workspaceFixture } from "../../../testing/workspace-fixture.ts";
import { doToAll, fitsFor, type BulkAnswer } from "./bulk.ts";

const never = new AbortController().signal;

test("each is told of by itself, a few are asked at once, and one that refuses keeps none of the others from it", async () => {
  const asked: unknown[] = [];
  let [running, most] = [0, 0];
  const remove = async (input: { name: string }) => {
    asked.push(input);
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    if (input.name === "b") throw new TypeError("network error");
    return { success: true };
  };
  const client = { workspaces: { delete: remove } } as unknown as AgentClient;
  const told = new Map<string, BulkAnswer["state"][]>();
  const all = ["a", "b", "c", "d", "e"].map((name) => ({ id: `id-${name}`, name }));
  await doToAll(client, "delete", all, (id, { state }) => told.set(id, [...(told.get(id) ?? []), state]), never);
  // Nothing is forced.
  expect(asked).toEqual(all);
  expect(most).toBe(3);
  expect([...told.keys()].toSorted()).toEqual(all.map(({ id }) => id));
  expect([...told.values()].filter(([, end]) => end === "done")).toHaveLength(4);
  expect(told.get("id-b")).toEqual(["doing", "refused"]);
});

test("what was not begun when the rest is called off is never begun, and told as left", async () => {
  const asked: string[] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const stop = async ({ name }: { name: string }) => {
    asked.push(name);
    const answer = Promise.withResolvers<void>();
    answers.push(answer);
    await answer.promise;
  };
  const client = { workspaces: { stop } } as unknown as AgentClient;
  const told = new Map<string, BulkAnswer["state"]>();
  const all = ["a", "b", "c", "d", "e"].map((name) => ({ id: name, name }));
  const off = new AbortController();
  const done = doToAll(client, "stop", all, (id, { state }) => told.set(id, state), off.signal);
  off.abort();
  expect(Object.fromEntries(told)).toEqual({ a: "doing", b: "doing", c: "doing", d: "left", e: "left" });
  for (const { resolve } of answers) resolve();
  await done;
  expect(asked).toEqual(["a", "b", "c"]);
  expect(Object.fromEntries(told)).toEqual({ a: "done", b: "done", c: "done", d: "left", e: "left" });
  await doToAll(client, "stop", all, (id, { state }) => told.set(id, state), off.signal);
  expect(asked).toEqual(["a", "b", "c"]);
});

test("what cannot be asked of a workspace now is not asked of it", () => {
  const fits = (given: Parameters<typeof workspaceFixture>[0]) =>
    (["start", "stop", "delete"] as const).filter((bulk) => fitsFor[bulk](workspaceFixture(given)));
  expect(fits({ status: "running" })).toEqual(["stop", "delete"]);
  expect(fits({ status: "stopped" })).toEqual(["start", "delete"]);
  expect(fits({ status: "error" })).toEqual(["start", "delete"]);
  expect(fits({ status: "creating" })).toEqual(["delete"]);
  expect(fits({ status: "running", operation: "stop" })).toEqual(["delete"]);
  expect(fits({ status: "running", operation: "delete" })).toEqual([]);
});
