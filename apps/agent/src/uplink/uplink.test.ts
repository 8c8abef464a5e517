import { createAgentClient } from "@ws/rpc-contract/client";
import { expect, onTestFinished, test } from "vitest";
import { bearer } from "../testing/headers.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { startLinked } from "../testing/with-hub.ts";

test("A worker that dials out is listed with what it says of itself, and is asked through the hub", async () => {
  const { hub, worker, through, shown } = await startLinked();
  expect(await shown()).toMatchObject({
    name: "desk",
    state: "online",
    grant: "write",
    version: "0.1.0",
    workspaces: 0,
  });
  const client = await through("write");
  await client.workspaces.create({ name: "alpha" });
  expect((await worker.local.workspaces.list()).map(({ name }) => name)).toEqual(["alpha"]);
  expect(await hub.local.workspaces.list()).toEqual([]);
  expect(await client.workspaces.exec({ name: "alpha", command: "hello" })).toMatchObject({ stdout: "hello\n" });
});

test("A worker that is away stays listed with when it was seen, refuses calls by saying so, and comes back by itself", async () => {
  const { hub, worker, through, shown, startWorker } = await startLinked();
  const client = await through("write");
  await client.workspaces.create({ name: "alpha" });
  const watching = new AbortController();
  const events = await hub.local.workers.events(undefined, { signal: watching.signal });
  const told: string[] = [];
  const hearing = (async () => {
    for await (const event of events) told.push(event.type === "changed" ? event.worker.state : event.type);
  })().catch(() => undefined);
  await expect.poll(() => told).toContain("snapshot");

  await worker.agent.close();
  await expect.poll(() => told).toContain("offline");
  const away = await shown();
  expect(away).toMatchObject({ state: "offline", hostname: expect.any(String), workspaces: expect.any(Number) });
  expect(Date.now() - Date.parse(away?.lastSeen ?? "")).toBeLessThan(60_000);
  expect(await refusal(client.workspaces.list())).toBe("PRECONDITION_FAILED worker_offline");
  const answer = await hub.ask("/on/desk/files/alpha/a.txt", { unix: true });
  expect([answer.status, JSON.parse(answer.text)]).toMatchObject([412, { data: { code: "worker_offline" } }]);

  await startWorker({ configDirectory: worker.configDirectory, adapters: () => worker.adapters });
  await expect.poll(() => told.at(-1)).toBe("online");
  expect((await client.workspaces.list()).map(({ name }) => name)).toEqual(["alpha"]);
  watching.abort();
  await hearing;
});

test("A worker whose hub goes away and comes back is there again, by the hub's own record", async () => {
  const { hub, worker, token } = await startLinked();
  const { port } = hub.agent;
  await hub.agent.close();
  const again = await startTestAgent({ configDirectory: hub.configDirectory, port });
  onTestFinished(() => again[Symbol.asyncDispose]());
  const state = async () => (await again.local.workers.list())[0]?.state;
  await expect.poll(state, { timeout: 10_000 }).toBe("online");
  expect(worker.logged.join("\n")).not.toContain(token);
});

test("What is asked of a worker that nobody added, and of a path that is no way to one, is refused", async () => {
  const { hub } = await startLinked();
  const nobody = createAgentClient({ url: `${hub.agent.url}/on/nobody`, token: () => admin });
  const admin = (await hub.local.tokens.create({ name: "a", scope: "admin" })).token;
  expect(await refusal(nobody.workspaces.list())).toBe("NOT_FOUND worker_not_found");
  const headers = bearer(admin);
  for (const [path, status] of [
    ["/on/desk", 404],
    ["/on/desk/", 404],
    ["/on/desk/api", 404],
    ["/on/desk/assets/x.js", 404],
    ["/on/desk/on/desk/rpc/info", 404],
    ["/on/desk/uplink", 404],
    ["/on/desk/health", 200],
    ["/on/%ff/health", 404],
    ["/on/desk/%2e%2e/%2e%2e/health", 200],
  ] as const) {
    expect([path, (await hub.ask(path, { headers })).status]).toEqual([path, status]);
  }
});
