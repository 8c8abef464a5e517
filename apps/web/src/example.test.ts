import type { WorkspaceEvent } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { watchRunning } from "./testing/example.ts";
import { workspaceFixture } from "./testing/workspace-fixture.ts";

test("Running workspaces are told at each change, also after the stream was lost", async () => {
  const streams: WorkspaceEvent[][] = [
    [{ type: "snapshot", workspaces: [workspaceFixture(), workspaceFixture({ id: "ws-2", name: "other" })] }],
    [
      { type: "snapshot", workspaces: [workspaceFixture()] },
      { type: "changed", workspace: workspaceFixture({ status: "stopped" }) },
    ],
  ];
  async function* events(signal: AbortSignal): AsyncGenerator<WorkspaceEvent> {
    const next = streams.shift();
    if (next !== undefined) return yield* next;
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  }
  const workspaces = { events: async (_input: object, { signal }: { signal: AbortSignal }) => events(signal) };
  const told: string[][] = [];
  const stop = watchRunning({ workspaces } as unknown as AgentClient, (names) => told.push(names));
  await expect.poll(() => told).toEqual([["demo", "other"], ["demo"], []]);
  stop();
});
