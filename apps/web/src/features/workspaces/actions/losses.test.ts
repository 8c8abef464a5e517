import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { findLosses, mayForce } from "./losses.ts";

const never = new AbortController().signal;
const rejects = async (): Promise<never> => {
  throw new Error("gone");
};

function client({
  cleanup = async () => ({ kept: false }),
  list = async () => [],
}: {
  cleanup?: (input: unknown) => Promise<{ kept: boolean; holder?: string }>;
  list?: () => Promise<{ id: string; exitCode?: number }[]>;
}): AgentClient {
  return { workspaces: { cleanup }, terminals: { list } } as unknown as AgentClient;
}

test("What would be lost is told in the worker's words, and looking destroys nothing", async () => {
  const asked: unknown[] = [];
  const cleanup = async (input: unknown) => {
    asked.push(input);
    return { kept: true, holder: "1 stash (on main)" };
  };
  const losses = await findLosses(client({ cleanup }), { id: "ws-1", name: "demo", status: "running" }, never);
  expect(losses.work).toEqual({ kind: "holds", holder: "1 stash (on main)" });
  expect(asked).toEqual([{ name: "demo", id: "ws-1", dryRun: true }]);
});

test("A stopped workspace is looked at too, and has no terminals", async () => {
  const cleanup = async () => ({ kept: true, holder: "1 commit that is not pushed" });
  expect(
    await findLosses(client({ cleanup, list: rejects }), { id: "ws-1", name: "demo", status: "stopped" }, never),
  ).toEqual({
    work: { kind: "holds", holder: "1 commit that is not pushed" },
    terminals: 0,
  });
});

test("A create under way is not waited for", async () => {
  const creating = { id: "ws-1", name: "demo", status: "creating" };
  expect(await findLosses(client({ cleanup: rejects, list: rejects }), creating, never)).toEqual({
    work: { kind: "nothing" },
    terminals: 0,
  });
});

test("Only terminals whose program runs are counted", async () => {
  const list = async () => [{ id: "main" }, { id: "t2", exitCode: 0 }];
  expect(await findLosses(client({ list }), { id: "ws-1", name: "demo", status: "running" }, never)).toEqual({
    work: { kind: "nothing" },
    terminals: 1,
  });
});

test("What cannot be looked at is unknown, never 'nothing'", async () => {
  const running = { id: "ws-1", name: "demo", status: "running" };
  expect(await findLosses(client({ cleanup: rejects, list: rejects }), running, never)).toEqual({
    work: { kind: "unknown", problem: { code: "unexpected", message: "gone" } },
    terminals: undefined,
  });
});

test("A delete is forced only where what it destroys was shown", () => {
  const problem = { code: "unpushed_work", message: "'demo' is kept: it holds 1 stash." };
  expect(mayForce(undefined, undefined)).toBe(false);
  expect(mayForce({ work: { kind: "nothing" }, terminals: 1 }, undefined)).toBe(false);
  expect(mayForce({ work: { kind: "unknown", problem }, terminals: 1 }, undefined)).toBe(false);
  expect(mayForce(undefined, { ...problem, code: "engine_unavailable" })).toBe(false);
  expect(mayForce({ work: { kind: "holds", holder: "1 stash" }, terminals: 1 }, undefined)).toBe(true);
  expect(mayForce(undefined, problem)).toBe(true);
});
