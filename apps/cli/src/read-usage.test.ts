import type { UsageEvent, WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { withUsage } from "./read-usage.ts";

const at = "2026-01-01T00:00:00.000Z";
const workspace = (id: string, status = "running") => ({ id, name: id, status }) as WorkspaceInfo;

/** A worker that says these one after the other, and then nothing more. */
function worker(...events: UsageEvent["usages"][]) {
  const state = { asked: [] as unknown[], left: false };
  async function* usage(signal: AbortSignal): AsyncGenerator<UsageEvent, void> {
    try {
      for (const usages of events) yield { usages };
      signal.throwIfAborted();
      await new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true }),
      );
    } finally {
      state.left = true;
    }
  }
  const call = async (input: unknown, options: { signal: AbortSignal }) => {
    state.asked.push(input);
    return usage(options.signal);
  };
  return { client: { workspaces: { usage: call } } as unknown as AgentClient, state };
}

test("takes the reading that has the share of the processor, and listens no longer", async () => {
  const first = { id: "a", memoryBytes: 5, at };
  const second = { id: "a", cpuPercent: 12, memoryBytes: 6, at };
  const { client, state } = worker([first], [second], [{ ...second, cpuPercent: 99 }]);
  expect(await withUsage(client, [workspace("a"), workspace("b", "stopped")])).toEqual([
    { ...workspace("a"), usage: second },
    workspace("b", "stopped"),
  ]);
  expect(state).toEqual({ asked: [{}], left: true });
});

test("asks for one alone by its name, and not at all where none runs", async () => {
  const one = { id: "a", cpuPercent: 1, at };
  const { client, state } = worker([one]);
  expect(await withUsage(client, [workspace("a")])).toEqual([{ ...workspace("a"), usage: one }]);
  expect(await withUsage(client, [workspace("a", "stopped")])).toEqual([workspace("a", "stopped")]);
  expect(state.asked).toEqual([{ name: "a" }]);
});

test("gives what it has where the worker is silent, and waits for a share that never comes no longer than for one more", async () => {
  const limit = new AbortController();
  const { client } = worker([{ id: "a", memoryBytes: 5, at }]);
  const reading = withUsage(client, [workspace("a")], limit.signal);
  limit.abort(new Error("late"));
  expect(await reading).toEqual([{ ...workspace("a"), usage: { id: "a", memoryBytes: 5, at } }]);
  const never = [{ id: "a", memoryBytes: 7, at }];
  expect((await withUsage(worker(never, never, never).client, [workspace("a")]))[0]?.usage?.memoryBytes).toBe(7);
});
