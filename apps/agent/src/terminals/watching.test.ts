import { CLOSE } from "@ws/rpc-contract/frames";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Caller } from "../access/caller.ts";
import { ATTACH, setUp } from "../testing/with-streams.ts";

const SIZE = { cols: 80, rows: 24 };
const SHARED: Partial<Caller> = { handler: { kind: "terminal", settings: { repo: "alpha", terminal: "build" } } };

/** A terminal that runs already, and one who may only look at it. */
async function watching(who: Partial<Caller>, terminal = "main") {
  const all = await setUp(who);
  await all.terminals.open({ id: terminal, size: { cols: 100, rows: 30 }, argv: ["sh"] });
  all.terminals.calls.splice(0);
  const client = await all.open("/terminal/alpha");
  return { ...all, client };
}

describe("a token that reads (OpenClaw GHSA-rqpp: scopes that a client declared for itself)", () => {
  test("It sees a terminal, at the size that this has, and is told that it only looks", async () => {
    const { client, terminals, audit } = await watching({ scope: "read" });
    client.say(ATTACH);
    expect(await client.frame("attached")).toMatchObject({ readOnly: true, cols: 100, rows: 30 });
    terminals.print("main", "hello");
    await client.until((bytes) => bytes.includes("hello"));
    expect(audit).toContainEqual(
      expect.objectContaining({ action: "terminal", outcome: "ok", details: { terminal: "main", readOnly: "true" } }),
    );
  });

  test("Whatever it sends, nothing is typed, no size is changed, no input is counted and nothing is started", async () => {
    const { client, terminals } = await watching({ scope: "read" });
    client.type("rm -rf /\r");
    client.say({ ...ATTACH, command: ["sh"], input: { id: "0".repeat(32), sent: 0 } });
    client.type("rm -rf /\r");
    client.say({ type: "resize", cols: 20, rows: 5 });
    client.say({ type: "ping" });
    await client.frame("pong");
    expect(await client.frame("attached")).not.toHaveProperty("input");
    expect(terminals.typed("main")).toBe("");
    expect(terminals.calls).toEqual([]);
  });

  test.each([ATTACH, { type: "resize", ...SIZE }])(
    "A terminal that is not there is not opened by %j",
    async (first) => {
      const { client, terminals } = await watching({ scope: "read" }, "other");
      client.say(first);
      expect(await client.closed).toBe(CLOSE.notFound);
      expect(terminals.calls).toEqual([]);
    },
  );

  test("It runs no command", async () => {
    const { open, asked } = await setUp({ scope: "read" });
    await expect(open("/exec/alpha")).rejects.toThrow("403");
    const late = await open("/exec/alpha?stranger");
    late.say({ type: "auth", token: "x" });
    expect(await late.closed).toBe(CLOSE.forbidden);
    expect(asked).toEqual([]);
  });
});

describe("a token that shares one terminal", () => {
  test("It sees that one", async () => {
    const { client } = await watching(SHARED, "build");
    client.say({ ...ATTACH, terminal: "build" });
    expect(await client.frame("attached")).toMatchObject({ terminal: "build", readOnly: true });
  });

  test.each([
    { ...ATTACH, terminal: "main" },
    { type: "resize", ...SIZE },
  ])("It sees no other with %j", async (first) => {
    const { client, asked } = await watching(SHARED);
    client.say(first);
    expect(await client.closed).toBe(CLOSE.forbidden);
    expect(asked).toEqual([]);
  });

  test("It sees no workspace but its own, runs no command, and a pipeline's token sees no terminal", async () => {
    const shared = await setUp(SHARED);
    for (const path of ["/terminal/beta", "/terminal/nobody", "/exec/alpha"]) {
      await expect(shared.open(path)).rejects.toThrow("403");
    }
    const pipeline = await setUp({ handler: { kind: "fetch", settings: { repo: "alpha" } } });
    await expect(pipeline.open("/terminal/alpha")).rejects.toThrow("403");
  });
});

test("Of one who works and one who watches, the size is always that of the one who works", async () => {
  const { open, terminals } = await setUp({ scope: "write" });
  const worker = await open("/terminal/alpha");
  worker.say({ ...ATTACH, cols: 120, rows: 40 });
  await worker.frame("attached");
  const watcher = await open("/terminal/alpha");
  watcher.say({ ...ATTACH, readOnly: true });
  expect(await watcher.frame("attached")).toMatchObject({ readOnly: true, cols: 120, rows: 40 });
  watcher.say({ type: "resize", cols: 10, rows: 10 });
  watcher.type("x");
  worker.say({ type: "resize", cols: 121, rows: 40 });
  expect(await watcher.frame("size")).toEqual({ type: "size", cols: 121, rows: 40 });
  worker.socket.close();
  await worker.closed;
  expect(watcher.socket.readyState).toBe(WebSocket.OPEN);
  expect(terminals.calls).toEqual(["open main", "size main 121x40"]);
});
