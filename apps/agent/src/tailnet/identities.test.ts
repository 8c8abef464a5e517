import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { createIdentities } from "./identities.ts";
import type { LocalApi, Whois } from "./local-api.ts";

const [DESK, LAPTOP] = ["127.0.0.21", "127.0.0.22"];

/** Both ends of a connection of the laptop to the desk. */
async function connected(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer();
  server.listen({ host: DESK, port: 0 });
  await once(server, "listening");
  const accepted = once(server, "connection");
  const far = connect({ host: DESK, port: (server.address() as { port: number }).port, localAddress: LAPTOP });
  const [near] = (await accepted) as [Socket];
  onTestFinished(() => {
    far.destroy();
    near.destroy();
    server.close();
  });
  near.resume();
  return { near, far };
}

function setUp() {
  const clock = createManualClock();
  const closing = new AbortController();
  onTestFinished(() => closing.abort());
  const told = {
    asked: 0,
    tags: undefined as string[] | undefined,
    scope: "admin" as "admin" | "read",
    login: "ada@x.test",
    fails: false,
    users: [] as string[],
  };
  const api: LocalApi = {
    async whois(): Promise<Whois> {
      told.asked += 1;
      if (told.fails) throw new Error("gone");
      const Addresses = [`${LAPTOP}/32`];
      const Node = { StableID: "nLAP", Name: "laptop.x.", Addresses, AllowedIPs: Addresses, Tags: told.tags };
      return { Node, UserProfile: { LoginName: told.login } };
    },
    status: () => Promise.reject(new Error("not asked")),
  };
  const self = { id: "nDESK", addresses: [DESK], name: "desk", owner: "ada@x.test" };
  const denied = new Set<string>();
  const { identify, end } = createIdentities({
    api: () => api,
    self: () => self,
    users: () => told.users,
    scope: () => told.scope,
    admit: ({ id }) => !denied.has(id),
    clock,
    log: createSilentLog(),
    closing: closing.signal,
  });
  return { clock, told, identify, denied, end };
}

test("a connection is asked about once in ten seconds, however many requests come on it", async () => {
  const { clock, told, identify } = setUp();
  const { near } = await connected();
  const first = await identify(near);
  expect(first).toMatchObject({ who: "ada@x.test (laptop, tailnet)", scope: "admin", token: { id: "tailnet-nLAP" } });
  expect(await identify(near)).toBe(first);
  expect(told.asked).toBe(1);
  clock.advance(10_000);
  expect(await identify(near)).toBe(first);
  expect(told.asked).toBe(2);
});

test.each([
  ["the node is tagged", { tags: ["tag:ci"] }],
  ["it is another's now", { login: "bob@x.test" }],
  ["the daemon is gone", { fails: true }],
])("what is open ends with a reason within half a minute after %s", async (_what, change) => {
  const { clock, told, identify } = setUp();
  const { near } = await connected();
  const gone = (await identify(near))?.token?.gone as AbortSignal;
  await clock.idle();
  clock.advance(30_000);
  await clock.idle();
  expect(gone.aborted).toBe(false);
  Object.assign(told, change);
  clock.advance(30_000);
  await once(gone, "abort");
  expect(gone.reason).toMatchObject({ code: "unauthorized", data: { reason: "expired" } });
  expect(await identify(near)).toBeUndefined();
});

test("another scope is another caller, and what the old one opened ends", async () => {
  const { clock, told, identify } = setUp();
  const { near } = await connected();
  const before = await identify(near);
  told.scope = "read";
  clock.advance(10_000);
  const after = await identify(near);
  expect(after?.scope).toBe("read");
  expect([before?.token?.gone.aborted, after?.token?.gone.aborted]).toEqual([true, false]);
});

test("nobody is asked about any more who has left", async () => {
  const { clock, told, identify } = setUp();
  const { near, far } = await connected();
  await identify(near);
  await clock.idle();
  far.destroy();
  await once(near, "close");
  clock.advance(60_000);
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(told.asked).toBe(1);
});

test("what a revoked machine has open ends at once, and its next request is refused", async () => {
  const { told, identify, denied, end } = setUp();
  const { near } = await connected();
  const gone = (await identify(near))?.token?.gone as AbortSignal;
  end("tailnet-nOTHER");
  expect(gone.aborted).toBe(false);
  denied.add("tailnet-nLAP");
  end("tailnet-nLAP");
  expect(gone.reason).toMatchObject({ code: "unauthorized", data: { reason: "revoked" } });
  expect(await identify(near)).toBeUndefined();
  expect(told.asked).toBe(2);
});

test("what is to outlive a connection is one for each machine, and ends when that is revoked after the connection has gone", async () => {
  const { clock, identify, denied, end } = setUp();
  const [one, other] = [await connected(), await connected()];
  const callers = [await identify(one.near), await identify(other.near)];
  const [stays, again] = callers.map((caller) => caller?.token?.stays?.() as AbortSignal);
  expect(again).toBe(stays);
  for (const { near, far } of [one, other]) {
    far.destroy();
    await once(near, "close");
  }
  await clock.idle();
  end("tailnet-nOTHER");
  expect(stays?.aborted).toBe(false);
  denied.add("tailnet-nLAP");
  end("tailnet-nLAP");
  expect(stays?.reason).toMatchObject({ code: "unauthorized", data: { reason: "revoked" } });
  // Asked for by what the machine had begun before.
  const late = callers[0]?.token?.stays?.() as AbortSignal;
  if (!late.aborted) await once(late, "abort");
});

test.each([
  ["the node is tagged", { tags: ["tag:ci"] }],
  ["the settings name others", { users: ["bob@x.test"] }],
  ["it may do less", { scope: "read" }],
  ["the daemon is gone", { fails: true }],
])("what outlives a connection ends within half a minute after %s", async (_what, change) => {
  const { clock, told, identify } = setUp();
  const { near, far } = await connected();
  const stays = (await identify(near))?.token?.stays?.() as AbortSignal;
  far.destroy();
  await once(near, "close");
  await clock.idle();
  clock.advance(30_000);
  await clock.idle();
  expect(stays.aborted).toBe(false);
  Object.assign(told, change);
  clock.advance(30_000);
  if (!stays.aborted) await once(stays, "abort");
  expect(stays.reason).toMatchObject({ data: { reason: "expired" } });
});
