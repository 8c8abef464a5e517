import { CLOSE, UNACKED_LIMIT } from "@ws/rpc-contract/frames";
import { WsError } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { createFakeTerminals } from "../testing/fake-terminals.ts";
import { startSocketServer } from "../testing/terminal-client.ts";
import { createHubs } from "./hubs.ts";
import { keepAlive } from "./keep-alive.ts";
import { serveTerminal } from "./terminal-socket.ts";

const ATTACH = { type: "attach", cols: 80, rows: 24 };
const KEEP = 8 * 1024 * 1024;

/** An agent with one workspace; a path of `/stranger` has said nothing about who it is. */
async function start(options: { keepBytes?: number; durable?: boolean; fails?: WsError } = {}) {
  const terminals = createFakeTerminals(options.keepBytes ?? KEEP, options.durable);
  const clock = createManualClock();
  const hubs = createHubs(clock);
  const server = await startSocketServer((socket, path) => {
    keepAlive(socket, clock);
    serveTerminal({
      socket,
      workspace: "ws-1",
      known: path !== "/stranger",
      authenticate: (token) => (token === "good" ? undefined : token === "weak" ? CLOSE.forbidden : CLOSE.unauthorized),
      async terminals() {
        if (options.fails !== undefined) throw options.fails;
        return terminals;
      },
      hubs,
      clock,
    });
  });
  onTestFinished(() => {
    server.close();
    hubs[Symbol.dispose]();
  });
  return { terminals, clock, hubs, connect: server.connect };
}

const text = (length: number): string => "0123456789abcde\n".repeat(Math.ceil(length / 16)).slice(0, length);

describe("the plain client", () => {
  test("It says its size and gets the bytes of 'main', no frames, and what it types is typed", async () => {
    const { terminals, connect } = await start();
    const client = await connect();
    client.say({ type: "resize", cols: 100, rows: 30 });
    await expect.poll(() => terminals.calls).toEqual(["open main"]);
    terminals.print("main", "$ ");
    await client.until((bytes) => bytes.toString() === "$ ");
    client.type("ls\r");
    await expect.poll(() => terminals.typed("main")).toBe("ls\r");
    client.say({ type: "resize", cols: 90, rows: 20 });
    await expect.poll(() => terminals.calls).toContain("size main 90x20");
    terminals.exit("main", 0);
    expect(await client.closed).toBe(CLOSE.normal);
    expect(client.frames).toEqual([]);
  });

  test("What it types before its size is typed once there is a terminal", async () => {
    const { terminals, connect } = await start();
    const client = await connect();
    client.type("early");
    client.say({ type: "resize", cols: 80, rows: 24 });
    await expect.poll(() => terminals.calls).toEqual(["open main"]);
    await expect.poll(() => terminals.typed("main")).toBe("early");
  });

  test("It is joined to a terminal that exists, and sees its screen", async () => {
    const { terminals, connect } = await start();
    const first = await connect();
    first.say({ type: "resize", cols: 80, rows: 24 });
    await expect.poll(() => terminals.calls).toEqual(["open main"]);
    terminals.print("main", "what was before\r\n$ ");
    await first.until((bytes) => bytes.includes("$"));
    first.socket.close();
    const second = await connect();
    second.say({ type: "resize", cols: 80, rows: 24 });
    await second.until((bytes) => bytes.includes("what was before"));
    terminals.print("main", "live");
    await second.until((bytes) => bytes.subarray(-4).toString() === "live");
  });
});

describe("who it is", () => {
  test("Nothing is opened for a stranger, whatever comes first, and its socket is closed", async () => {
    const { terminals, connect } = await start();
    for (const first of [ATTACH, { type: "resize", cols: 80, rows: 24 }, { type: "auth", token: "wrong" }, {}, []]) {
      const client = await connect("/stranger");
      client.say(first);
      expect(await client.closed).toBe(CLOSE.unauthorized);
    }
    const typing = await connect("/stranger");
    typing.type("rm -rf /\r");
    expect(await typing.closed).toBe(CLOSE.unauthorized);
    const weak = await connect("/stranger");
    weak.say({ type: "auth", token: "weak" });
    expect(await weak.closed).toBe(CLOSE.forbidden);
    expect(terminals.calls).toEqual([]);
  });

  test("A good token as the first message lets it go on", async () => {
    const { connect } = await start();
    const client = await connect("/stranger");
    client.say({ type: "auth", token: "good" });
    client.say(ATTACH);
    expect(await client.frame("attached")).toMatchObject({ terminal: "main", offset: 0, durable: true, skipped: 0 });
  });
});

describe("offsets", () => {
  test("Who comes back at an offset gets every byte from there, and nothing twice", async () => {
    const { terminals, connect } = await start();
    const first = await connect();
    first.say({ ...ATTACH, terminal: "build", command: ["make"] });
    await first.frame("attached");
    expect(terminals.calls).toEqual(["open build make"]);
    terminals.print("build", "0123456789");
    await first.until((bytes) => bytes.length === 10);
    first.socket.terminate();
    terminals.print("build", "abc");
    const second = await connect();
    second.say({ ...ATTACH, terminal: "build", since: 4 });
    expect(await second.frame("attached")).toMatchObject({ offset: 4, skipped: 0 });
    await second.until((bytes) => bytes.toString() === "456789abc");
    expect(second.frames).toHaveLength(1);
  });

  test("Without an offset it gets the present screen, then what comes", async () => {
    const { terminals, connect } = await start();
    await terminals.open({ id: "main", size: { cols: 80, rows: 24 } });
    terminals.print("main", `${text(100_000)}\x1b[2J\x1b[Hnow\x1b[?25l`);
    const client = await connect();
    client.say({ ...ATTACH, ack: true });
    const { offset } = await client.frame("screen");
    expect(offset).toBe(100_016);
    await client.until((bytes) => bytes.includes("now") && bytes.includes("\x1b[?25l"));
    const painted = client.bytes().length;
    terminals.print("main", "more");
    await client.until((bytes) => bytes.subarray(painted).toString() === "more");
  });

  test("An offset that was dropped is answered by the screen and the number of bytes that are missing", async () => {
    const { terminals, connect } = await start({ keepBytes: 1_000 });
    await terminals.open({ id: "main", size: { cols: 80, rows: 24 } });
    terminals.print("main", text(5_000));
    const client = await connect();
    client.say({ ...ATTACH, since: 100 });
    expect(await client.frame("screen")).toEqual({ type: "screen", offset: 5_000, skipped: 4_900 });
    // An offset of another terminal that had the name once.
    const beyond = await connect();
    beyond.say({ ...ATTACH, since: 9_000 });
    expect(await beyond.frame("screen")).toEqual({ type: "screen", offset: 5_000, skipped: 0 });
  });

  test("What is older than the agent keeps comes from the workspace's log", async () => {
    const { terminals, connect } = await start({ keepBytes: 16 * 1024 * 1024 });
    await terminals.open({ id: "main", size: { cols: 80, rows: 24 } });
    const all = text(6 * 1024 * 1024);
    terminals.print("main", all);
    const client = await connect();
    client.say({ ...ATTACH, since: 0 });
    await client.until((bytes) => bytes.length === all.length);
    expect(client.bytes().toString() === all).toBe(true);
    terminals.print("main", "more");
    await client.until((bytes) => bytes.subarray(-4).toString() === "more");
  });
});

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

describe("endings", () => {
  test("The exit code is told after the last byte", async () => {
    const { terminals, connect } = await start();
    const client = await connect();
    client.say(ATTACH);
    await client.frame("attached");
    terminals.print("main", text(300_000));
    terminals.exit("main", 3);
    expect(await client.closed).toBe(CLOSE.normal);
    expect(client.bytes().length).toBe(300_000);
    expect(client.frames.at(-1)).toEqual({ type: "exit", code: 3 });
  });

  test("A lost workspace asks the client to come back, and it goes on where it was", async () => {
    const { terminals, connect } = await start();
    const client = await connect();
    client.say(ATTACH);
    await client.frame("attached");
    terminals.lose(new WsError("box_closed", { message: "lost", data: { workspace: "ws-1" } }));
    expect(await client.closed).toBe(CLOSE.goingAway);
    expect(client.frames.map(({ type }) => type)).toEqual(["attached"]);
  });

  test.each([
    ["workspace_not_found", { name: "x" }, CLOSE.notFound],
    ["workspace_not_running", { name: "x", status: "stopped" }, CLOSE.notRunning],
    ["engine_unreachable", { runtime: "docker" }, CLOSE.goingAway],
    ["internal", {}, 1011],
  ] as const)("Where it fails with %s, the close code says whether to retry", async (code, data, expected) => {
    const { connect } = await start({ fails: new WsError(code, { message: "why", data }) });
    const client = await connect();
    client.say(ATTACH);
    expect(await client.closed).toBe(expected);
    const told = client.frames.map((frame) => (frame.type === "error" ? frame.code : frame.type));
    expect(told).toEqual(expected === CLOSE.goingAway ? [] : [code]);
  });

  test("A terminal that is not there is not made where the client wants none", async () => {
    const { terminals, connect } = await start();
    const client = await connect();
    client.say({ ...ATTACH, terminal: "other", create: false });
    expect(await client.closed).toBe(CLOSE.notFound);
    expect(await client.frame("error")).toMatchObject({ code: "terminal_not_found" });
    expect(terminals.calls).toEqual([]);
  });

  test.each([
    ["no JSON", "{"],
    ["no frame", '{"type":"open"}'],
    ["a size that is none", '{"type":"resize","cols":0,"rows":24}'],
    ["a field too many", '{"type":"ping","x":1}'],
  ])("%s is a protocol error", async (_what, frame) => {
    const { connect } = await start();
    const client = await connect();
    client.socket.send(frame);
    expect(await client.closed).toBe(CLOSE.protocol);
  });

  test("Attaching twice is a protocol error", async () => {
    const { connect } = await start();
    const client = await connect();
    client.say(ATTACH);
    client.say(ATTACH);
    expect(await client.closed).toBe(CLOSE.protocol);
  });
});
