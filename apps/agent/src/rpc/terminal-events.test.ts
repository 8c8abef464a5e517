import { once } from "node:events";
import type { WorkspaceEvent } from "@ws/rpc-contract";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { createFakeTerminals } from "../testing/fake-terminals.ts";
import { startTestAgent } from "../testing/test-agent.ts";

test("whoever watches is told when a terminal is opened, ends by itself or is closed, also after a rename", async () => {
  const terminals = createFakeTerminals();
  const adapters = { ...createFakeAdapters(), openTerminals: async () => terminals };
  const agent = await startTestAgent({ adapters: () => adapters });
  onTestFinished(() => agent[Symbol.asyncDispose]());
  const { id } = await agent.local.workspaces.create({ name: "alpha" });
  const { token } = await agent.local.tokens.create({ name: "viewer", scope: "workspace:alpha" });
  const events = await agent.remote(token).workspaces.events({ name: "alpha" });
  expect((await events.next()).value).toMatchObject({ type: "snapshot" });
  const next = async (): Promise<WorkspaceEvent> => {
    for (;;) {
      const { value, done } = await events.next();
      if (done === true) throw new Error("the stream ended");
      if (value.type === "terminal") return value;
    }
  };
  const attach = async (name: string, terminal: string): Promise<void> => {
    const headers = { authorization: `Bearer ${token}` };
    const socket = new WebSocket(`${agent.agent.url.replace("http", "ws")}/terminal/${name}`, { headers });
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "attach", terminal, cols: 80, rows: 24 }));
  };

  await attach("alpha", "main");
  expect(await next()).toEqual({ type: "terminal", id, name: "alpha", terminal: "main", change: "opened" });
  await attach("alpha", "build");
  expect(await next()).toMatchObject({ terminal: "build", change: "opened" });
  await agent.local.workspaces.rename({ name: "alpha", newName: "beta" });
  terminals.exit("build", 0);
  expect(await next()).toEqual({ type: "terminal", id, name: "beta", terminal: "build", change: "ended" });
  await agent.local.terminals.close({ name: "beta", terminal: "main" });
  expect(await next()).toMatchObject({ terminal: "main", change: "ended" });
  await events.return?.();
});
