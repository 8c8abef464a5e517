import { CLOSE } from "@ws/rpc-contract/frames";
import { WsError } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { startTerminalServer as start, text } from "../testing/terminal-server.ts";

const ATTACH = { type: "attach", cols: 80, rows: 24 };

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
    expect(client.frames).toMatchObject([{ type: "attached" }, { type: "error", code: "box_closed" }]);
  });

  test.each([
    ["workspace_not_found", { name: "x" }, CLOSE.notFound],
    ["workspace_not_running", { name: "x", status: "stopped" }, CLOSE.notRunning],
    ["engine_unreachable", { runtime: "docker" }, CLOSE.goingAway],
    ["internal", {}, CLOSE.failed],
  ] as const)(
    "Where it fails with %s, it says so, and the close code whether to retry",
    async (code, data, expected) => {
      const { connect } = await start({ fails: new WsError(code, { message: "why", data }) });
      const client = await connect();
      client.say(ATTACH);
      expect(await client.closed).toBe(expected);
      expect(client.frames).toMatchObject([{ type: "error", code }]);
    },
  );

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
