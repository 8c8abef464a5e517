import { once } from "node:events";
import type { ByteChannel, Runtime } from "@ws/workspace-core";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Adapters } from "../runtimes/adapters.ts";
import { echoChannel } from "../testing/echo-channel.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { followSocket } from "../testing/terminal-client.ts";
import { startLinked } from "../testing/with-hub.ts";

/** A worker in memory, each port of whose workspaces says back what it is told. */
function echoing(): Adapters {
  const fake = createFakeAdapters();
  const connect = async (port: number): Promise<ByteChannel> => echoChannel(`${port}: `);
  const docker: Runtime = {
    ...fake.docker,
    open: async (...given) => ({ ...(await fake.docker.open(...given)), connect }),
  };
  return { ...fake, runtime: { ...fake.runtime, docker: async () => docker } };
}

test("a hub leads to a port of a worker's workspace, as far as its caller and the grant allow", async () => {
  const { hub, worker } = await startLinked("write", { adapters: echoing });
  await worker.local.workspaces.create({ name: "alpha" });
  const { token } = await hub.local.tokens.create({ name: "writer", scope: "write" });
  const socket = new WebSocket(`${hub.agent.url.replace("http", "ws")}/on/desk/connect/alpha/3000`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const client = followSocket(socket);
  await once(socket, "open");
  client.type("hello");
  client.say({ type: "end" });
  expect(await client.closed).toBe(1000);
  expect(client.bytes().toString()).toBe("3000: hello");
  const entry = (await worker.local.audit.list()).find(({ action }) => action === "connect");
  expect(entry).toMatchObject({
    target: "alpha",
    outcome: "ok",
    details: { port: "3000" },
    who: expect.stringContaining("writer") as string,
  });
});
