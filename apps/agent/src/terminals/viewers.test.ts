import { UNACKED_LIMIT } from "@ws/rpc-contract/frames";
import { describe, expect, test } from "vitest";
import { startTerminalServer as start, text } from "../testing/terminal-server.ts";

const ATTACH = { type: "attach", cols: 80, rows: 24 };

describe("viewers at their own pace", () => {
  test("One that acknowledges nothing is held back at the limit, and holds nobody else back", async () => {
    const { terminals, connect } = await start();
    const slow = await connect();
    slow.say({ ...ATTACH, ack: true });
    await slow.frame("attached");
    const fast = await connect();
    fast.say({ ...ATTACH, since: 0 });
    await fast.frame("attached");
    const all = text(2 * 1024 * 1024);
    terminals.print("main", all);
    await fast.until((bytes) => bytes.length === all.length);
    await slow.until((bytes) => bytes.length >= UNACKED_LIMIT);
    expect(slow.bytes().length).toBeLessThan(UNACKED_LIMIT + 64 * 1024);
    slow.say({ type: "ack", offset: 100_000 });
    await slow.until((bytes) => bytes.length >= UNACKED_LIMIT + 100_000);
    expect(slow.bytes().length).toBeLessThan(UNACKED_LIMIT + 100_000 + 64 * 1024);
    for (let acked = 0; acked < all.length; acked = slow.bytes().length) {
      slow.say({ type: "ack", offset: slow.bytes().length });
      await slow.until((bytes) => bytes.length > acked || bytes.length === all.length);
    }
    expect(slow.bytes().toString() === all).toBe(true);
  });

  test("After a stall of 30 seconds it is shown where things stand, and how much it missed", async () => {
    const { terminals, clock, connect } = await start();
    const client = await connect();
    client.say({ ...ATTACH, ack: true });
    await client.frame("attached");
    terminals.print("main", `${text(3_000_000)}\x1b[2J\x1b[Hthe end`);
    await client.until((bytes) => bytes.length >= UNACKED_LIMIT);
    const seen = client.bytes().length;
    for (let second = 0; second < 31; second += 1) {
      clock.advance(1_000);
      client.say({ type: "ping" });
      await expect.poll(() => client.frames.filter(({ type }) => type === "pong").length).toBe(second + 1);
    }
    client.say({ type: "ack", offset: seen });
    expect(await client.frame("screen")).toMatchObject({ offset: 3_000_014, skipped: 3_000_014 - seen });
    await client.until((bytes) => bytes.includes("the end"));
    terminals.print("main", "!");
    await client.until((bytes) => bytes.at(-1) === 0x21);
  });

  test("A peer that answers nothing is dropped within half a minute", async () => {
    const { clock, connect, hubs } = await start();
    const client = await connect();
    client.say(ATTACH);
    await client.frame("attached");
    client.socket.pause();
    for (let second = 0; second <= 30; second += 1) {
      clock.advance(1_000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => hubs.viewers("ws-1", "main")).toBe(0);
    client.socket.resume();
    expect(await client.closed).toBe(1006);
  });
});

describe("one terminal, many viewers", () => {
  test("The size is that of the viewer who was active last, and the others are told", async () => {
    const { terminals, connect } = await start();
    const [big, small] = [await connect(), await connect()];
    big.say({ type: "attach", cols: 200, rows: 50 });
    await big.frame("attached");
    small.say(ATTACH);
    expect(await small.frame("attached")).toMatchObject({ cols: 80, rows: 24 });
    expect(await big.frame("size")).toEqual({ type: "size", cols: 80, rows: 24 });
    big.type("x");
    expect(await small.frame("size")).toEqual({ type: "size", cols: 200, rows: 50 });
    await expect.poll(() => big.frames.at(-1)).toEqual({ type: "size", cols: 200, rows: 50 });
    small.say({ type: "resize", cols: 81, rows: 24 });
    await expect.poll(() => big.frames.at(-1)).toEqual({ type: "size", cols: 81, rows: 24 });
    small.socket.close();
    await expect.poll(() => big.frames.at(-1)).toEqual({ type: "size", cols: 200, rows: 50 });
    expect(terminals.calls).toEqual([
      "open main",
      ...["80x24", "200x50", "81x24", "200x50"].map((size) => `size main ${size}`),
    ]);
  });

  test("What their terminals answer by themselves is not typed, their keys are", async () => {
    const { terminals, connect } = await start();
    const clients = [await connect(), await connect()];
    for (const client of clients) {
      client.say(ATTACH);
      await client.frame("attached");
    }
    for (const client of clients) client.type("\x1b[?1;2c");
    for (const client of clients) client.type("k");
    await expect.poll(() => terminals.typed("main")).toBe("kk");
  });

  test("Without a holder the agent answers, once", async () => {
    const { terminals, connect } = await start({ durable: false });
    const client = await connect();
    client.say(ATTACH);
    expect(await client.frame("attached")).toMatchObject({ durable: false });
    terminals.print("main", "\x1b[c");
    await expect.poll(() => terminals.typed("main")).toBe("\x1b[?1;2c");
  });

  test("The screen stays ready for a while after the last viewer has left", async () => {
    const { terminals, clock, connect } = await start();
    for (let visit = 0; visit < 2; visit += 1) {
      const client = await connect();
      client.say(ATTACH);
      await client.frame("attached");
      client.socket.close();
      await client.closed;
    }
    expect(terminals.calls).toEqual(["open main"]);
    clock.advance(10 * 60_000);
    await new Promise<void>((resolve) => setImmediate(resolve));
    const late = await connect();
    late.say(ATTACH);
    await late.frame("attached");
    expect(terminals.calls).toEqual(["open main", "open main"]);
  });
});
