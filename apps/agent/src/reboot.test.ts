import { expect, test } from "vitest";
import { createFakeAdapters } from "./testing/fake-adapters.ts";
import { tempDir } from "./testing/temp-dir.ts";
import { startTestAgent } from "./testing/test-agent.ts";

test("after a reboot workspaces are listed, shown, watched and their logs read while the engine is still silent and a start hangs", async () => {
  using directory = tempDir();
  const configDirectory = `${directory.path}/config`;
  const adapters = createFakeAdapters();
  {
    await using before = await startTestAgent({ configDirectory, adapters: () => adapters });
    await before.local.workspaces.create({ name: "demo" });
  }
  adapters.docker.setReachable(false);
  adapters.docker.setReachable(true);
  const silence = Promise.withResolvers<void>();
  const start = Promise.withResolvers<void>();
  adapters.docker.intercept((method) => {
    if (method === "list") return silence.promise;
    return method === "start" ? start.promise : undefined;
  });
  await using agent = await startTestAgent({ configDirectory, adapters: () => adapters });
  const { workspaces } = agent.local;
  expect((await workspaces.list()).map(({ name }) => name)).toEqual(["demo"]);
  expect(await workspaces.get({ name: "demo" })).toMatchObject({ name: "demo" });
  expect(await workspaces.logs({ name: "demo" })).toContain("Run scripts");
  const stop = new AbortController();
  const events = await workspaces.events(undefined, { signal: stop.signal });
  expect((await events.next()).value).toMatchObject({ type: "snapshot", workspaces: [{ name: "demo" }] });
  silence.resolve();
  await agent.agent.reconciled;
  expect(await workspaces.get({ name: "demo" })).toMatchObject({ status: "stopped", operation: "start" });
  start.resolve();
  for await (const event of events) {
    if (event.type === "changed" && event.workspace.status === "running") break;
  }
  stop.abort();
  expect((await workspaces.exec({ name: "demo", command: "hello" })).stdout).toBe("hello\n");
});
