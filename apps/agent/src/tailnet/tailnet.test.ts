import { once } from "node:events";
import { createServer, get, type Server } from "node:http";
import { connect, createServer as createNetServer, type AddressInfo } from "node:net";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { SETTINGS, type SettingKey } from "../config/settings.ts";
import { createSilentLog } from "../testing/silent-log.ts";
import { startTailscaled, type Tailscaled } from "../testing/tailscaled.ts";
import { createTailnet, type Tailnet } from "./tailnet.ts";

const [DESK, SECOND] = ["127.0.0.41", "127.0.0.42"];

async function setUp(): Promise<{
  daemon: Tailscaled;
  tailnet: Tailnet;
  server: Server;
  port: number;
  later(): Promise<void>;
}> {
  const daemon = await startTailscaled({ id: "nDESK", addresses: [DESK], name: "desk" }, "ada@x.test");
  const server = createServer((_request, response) => response.end("here"));
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const clock = createManualClock();
  const closing = new AbortController();
  const settings: Partial<Record<SettingKey, unknown>> = { "tailnet.socket": daemon.socket };
  const tailnet = createTailnet({
    config: { get: <K extends SettingKey>(key: K) => settings[key] ?? SETTINGS[key].default },
    state: {
      tokens: { list: () => [] },
      tailnetNodes: { admit: () => true, list: () => [], rename: () => undefined, deny: () => undefined },
    },
    clock,
    log: createSilentLog(),
    closing: closing.signal,
  });
  onTestFinished(async () => {
    closing.abort();
    for (const each of [server, ...tailnet.servers()]) each.close();
    await daemon[Symbol.asyncDispose]();
  });
  const { port } = server.address() as AddressInfo;
  return {
    daemon,
    tailnet,
    server,
    port,
    async later() {
      await clock.idle();
      clock.advance(30_000);
      await clock.idle();
    },
  };
}

async function answers(address: string, port: number): Promise<boolean> {
  const asked = get({ host: address, port, agent: false });
  const answered = once(asked, "response").then(([answer]) => answer.resume());
  return answered.then(
    () => true,
    () => false,
  );
}

test("the addresses of the tailnet are listened at as they come and go, and the worker has its name there", async () => {
  const { daemon, tailnet, server, port, later } = await setUp();
  await tailnet.look();
  await tailnet.listen(server, { port, everywhere: false });
  expect([await answers(DESK, port), await answers(SECOND, port)]).toEqual([true, false]);
  expect(tailnet.names()).toEqual(["desk.tail1234.ts.net", "desk"]);
  expect([tailnet.isOwn(DESK), tailnet.isOwn("127.0.0.1")]).toEqual([true, false]);
  expect(tailnet.exposure()).toEqual([
    { address: DESK, port, by: "tailnet", letsIn: "ada@x.test (admin), and who has a token" },
  ]);
  daemon.self = { id: "nDESK", addresses: [SECOND], name: "tower", tags: ["tag:server"] };
  await later();
  expect([await answers(DESK, port), await answers(SECOND, port)]).toEqual([false, true]);
  expect(tailnet.names()).toEqual(["tower.tail1234.ts.net", "tower"]);
  expect(tailnet.exposure()).toMatchObject([{ address: SECOND, letsIn: "who has a token" }]);
  daemon.self = undefined;
  await later();
  expect(await answers(SECOND, port)).toBe(false);
  expect([tailnet.names(), tailnet.exposure(), tailnet.isOwn(SECOND)]).toEqual([[], [], false]);
});

test("an address that another program has, or that is not there yet, is had as soon as it can be", async () => {
  const { tailnet, daemon, server, port, later } = await setUp();
  const other = createNetServer((socket) => socket.destroy());
  other.listen({ host: DESK, port });
  await once(other, "listening");
  // Nobody's: it cannot be listened at.
  daemon.self = { id: "nDESK", addresses: [DESK, "192.0.2.77"], name: "desk" };
  await tailnet.look();
  await tailnet.listen(server, { port, everywhere: false });
  expect(tailnet.exposure()).toEqual([]);
  await new Promise((resolve) => other.close(resolve));
  await later();
  expect(tailnet.exposure().map(({ address }) => address)).toEqual([DESK]);
  expect(await answers(DESK, port)).toBe(true);
});

test("one that listens everywhere needs no further address, and learns of its tailnet all the same", async () => {
  const { daemon, tailnet, server, port, later } = await setUp();
  const self = daemon.self;
  daemon.self = undefined;
  await tailnet.look();
  await tailnet.listen(server, { port, everywhere: true });
  expect(tailnet.exposure()).toEqual([]);
  daemon.self = self;
  await later();
  expect(tailnet.servers()).toEqual([]);
  expect(tailnet.exposure()).toMatchObject([{ address: DESK, by: "tailnet" }]);
  const socket = connect({ host: DESK, port });
  const [refused] = (await once(socket, "error")) as [NodeJS.ErrnoException];
  expect(refused.code).toBe("ECONNREFUSED");
});

test("a daemon that does not answer for a while changes nothing", async () => {
  const { daemon, tailnet, server, port, later } = await setUp();
  await tailnet.look();
  await tailnet.listen(server, { port, everywhere: false });
  daemon.broken = "error";
  await later();
  expect(await answers(DESK, port)).toBe(true);
  expect(tailnet.isOwn(DESK)).toBe(true);
});
