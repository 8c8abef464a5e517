import type { AgentClient } from "@ws/rpc-contract/client";
import { expect, test } from "vitest";
import { createActions } from "./use-actions.ts";

test("what is done to a workspace is done to the one that was shown, whichever has its name by then", async () => {
  const asked: unknown[] = [];
  const verb = (name: string) => async (input: unknown) => void asked.push([name, input]);
  const workspaces = { start: verb("start"), stop: verb("stop"), restart: verb("restart"), delete: verb("delete") };
  const client = { workspaces } as unknown as AgentClient;
  const actions = createActions(client, { done: () => undefined, failed: () => undefined });
  const shown = { id: "ws-1", name: "shop" };
  await actions.start(shown);
  await actions.stop(shown);
  await actions.restart(shown);
  await actions.remove(shown);
  await actions.remove(shown, { force: true });
  expect(asked).toEqual([
    ["start", shown],
    ["stop", shown],
    ["restart", shown],
    ["delete", shown],
    ["delete", { ...shown, force: true }],
  ]);
});
