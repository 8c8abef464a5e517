import { once } from "node:events";
import { connect } from "node:net";
import { CLOSE, EXEC_STREAM } from "@ws/rpc-contract/frames";
import type { Box, Runtime } from "@ws/workspace-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Adapters } from "../runtimes/adapters.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { audited } from "../testing/audited.ts";

let agent: TestAgent;
let token: string;

beforeAll(async () => {
  agent = await startTestAgent();
  token = (await agent.local.tokens.create({ name: "good" })).token;
  await agent.local.workspaces.create({ name: "alpha" });
  await agent.local.workspaces.create({ name: "beta" });
});
afterAll(() => agent[Symbol.asyncDispose]());

function open(path: string, options: { token?: string; from?: string } = {}): WebSocket {
  return new WebSocket(`${agent.agent.url.replace("http", "ws")}${path}`, {
    ...(options.token === undefined ? {} : { headers: { authorization: `Bearer ${options.token}` } }),
    ...(options.from === undefined ? {} : { localAddress: options.from }),
  });
}

const codeOf = async (socket: WebSocket): Promise<number> => Number((await once(socket, "close"))[0]);
const statusOf = async (socket: WebSocket): Promise<number | undefined> => {
  socket.on("error", () => undefined);
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode?: number }];
  return response.statusCode;
};

/** Runs a command over a socket to its end. */
async function run(socket: WebSocket, frames: object[]): Promise<{ stdout: string; texts: unknown[] }> {
  let stdout = "";
  const texts: unknown[] = [];
  socket.on("message", (data: Buffer, binary) => {
    if (!binary) texts.push(JSON.parse(data.toString()));
    else if (data[0] === EXEC_STREAM.stdout) stdout += data.subarray(1).toString();
  });
  await once(socket, "open");
  for (const frame of frames) socket.send(JSON.stringify(frame));
  await once(socket, "close");
  return { stdout, texts };
}

describe("who may open a socket", () => {
  test("a good header opens it, and the command runs", async () => {
    const frames = [{ type: "start", command: ["sh", "-c", "hello"] }, { type: "stdin_end" }];
    const { stdout, texts } = await run(open("/exec/alpha", { token }), frames);
    expect(stdout).toBe("hello\n");
    expect(texts).toContainEqual({ type: "exit", code: 0 });
  });

  test("without a header the first message may carry the token, also under the alias", async () => {
    const frames = [{ type: "auth", token }, { type: "start", command: ["sh", "-c", "hi"] }, { type: "stdin_end" }];
    expect((await run(open("/rpc/exec/alpha"), frames)).stdout).toBe("hi\n");
  });

  test("a wrong header is refused before the upgrade, a wrong first message closes", async () => {
    expect(await statusOf(open("/exec/alpha", { token: "wrong", from: "127.4.0.1" }))).toBe(401);
    const socket = open("/exec/alpha", { from: "127.4.0.2" });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "auth", token: "wrong" }));
    expect(await codeOf(socket)).toBe(CLOSE.unauthorized);
  });

  test("a token for one workspace opens no other's socket (OpenClaw GHSA-rqpp)", async () => {
    const own = await agent.local.tokens.create({ name: "own", scope: "workspace:alpha" });
    expect(await statusOf(open("/exec/beta", { token: own.token }))).toBe(403);
    const late = open("/exec/beta");
    await once(late, "open");
    late.send(JSON.stringify({ type: "auth", token: own.token }));
    expect(await codeOf(late)).toBe(CLOSE.forbidden);
    const read = await agent.local.tokens.create({ name: "reader", scope: "read" });
    expect(await statusOf(open("/exec/alpha", { token: read.token }))).toBe(403);
  });

  test("revoking a token closes what it opened (OpenClaw GHSA-m8wm)", async () => {
    const { token: doomed, id } = await agent.local.tokens.create({ name: "doomed" });
    const socket = open("/exec/alpha", { token: doomed });
    await once(socket, "open");
    const closed = once(socket, "close");
    await agent.local.tokens.revoke({ token: id });
    const [code, reason] = (await closed) as [number, Buffer];
    expect([code, String(reason)]).toEqual([CLOSE.unauthorized, "revoked"]);
    const late = open("/terminal/alpha");
    await once(late, "open");
    late.send(JSON.stringify({ type: "auth", token: doomed }));
    expect(String((await once(late, "close"))[1])).toBe("revoked");
  });

  test("who guessed too often is not told that a good token is none, and may come back", async () => {
    const from = "127.4.0.7";
    for (let guess = 0; guess < 10; guess += 1) await statusOf(open("/exec/alpha", { token: `${guess}`, from }));
    const fresh = await agent.local.tokens.create({ name: "fresh" });
    const socket = open("/exec/alpha", { from });
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "auth", token: fresh.token }));
    expect(await codeOf(socket)).toBe(CLOSE.goingAway);
  });

  test("one address holds only so many sockets without a token", async () => {
    const from = "127.4.0.9";
    const sockets = Array.from({ length: 256 }, () => open("/terminal/alpha", { from }));
    await Promise.all(sockets.map((socket) => once(socket, "open")));
    const held = sockets.filter(({ readyState }) => readyState === WebSocket.OPEN);
    expect(await statusOf(open("/exec/alpha", { from }))).toBe(429);
    expect(held).toHaveLength(256);
    for (const socket of sockets) socket.close();
  });

  test("a connection to a port is refused where only some programs may be run, and is in the audit once", async () => {
    await agent.local.workspaces.create({ name: "gamma" });
    const errorOf = async (path: string): Promise<unknown> => (await run(open(path, { token }), [])).texts.at(-1);
    expect(await errorOf("/connect/gamma/70000")).toMatchObject({ type: "error", code: "invalid_input" });
    expect(await errorOf("/connect/gamma/80")).toMatchObject({ type: "error", code: "box_feature_missing" });
    await errorOf("/connect/gamma/80");
    await agent.local.policy.update({ name: "gamma", set: { commands: ["basic"] } });
    expect(await errorOf("/connect/gamma/80")).toMatchObject({ type: "error", code: "command_not_allowed" });
    const entries = (await agent.local.audit.list()).filter(({ action }) => action === "connect");
    expect(entries.map(({ outcome, target, details }) => [outcome, target, details])).toEqual([
      ["command_not_allowed", "gamma", { port: "80" }],
      ["box_feature_missing", "gamma", { port: "80" }],
      ["invalid_input", "gamma", { port: "70000" }],
    ]);
  });

  test("what a command was and what it did is in the audit, without what it was given in a variable", async () => {
    await run(open("/exec/alpha", { token }), [
      { type: "start", command: ["sh", "-c", "exit 3", "given-value"], env: { KEY: "given-value" } },
      { type: "stdin_end" },
    ]);
    expect(await audited(agent.local, 1)).toEqual([
      expect.objectContaining({
        action: "exec",
        target: "alpha",
        outcome: "ok",
        details: {
          command: "sh -c 'exit 3' [redacted]",
          exitCode: "3",
          seconds: expect.stringMatching(/^\d+(?:\.\d+)?$/) as string,
        },
        who: expect.stringMatching(/^good/) as string,
      }),
    ]);
  });
});

describe("for one who has not said who he is nothing is done (Cline Kanban CVE-2026-44211)", () => {
  const done: string[] = [];
  let watched: TestAgent;
  let good: string;

  beforeAll(async () => {
    watched = await startTestAgent({ adapters: () => watchedAdapters(done) });
    good = (await watched.local.tokens.create({ name: "good" })).token;
    await watched.local.workspaces.create({ name: "alpha" });
  });
  afterAll(() => watched[Symbol.asyncDispose]());

  const exec = [{ type: "start", command: ["sh", "-c", "x"] }, { type: "stdin_end" }];
  const attach = [{ type: "attach", cols: 80, rows: 24 }];
  const resize = [{ type: "resize", cols: 80, rows: 24 }];
  const end = [{ type: "end" }];

  test.each([
    ["/exec/alpha", exec, "run sh -c x"],
    ["/rpc/exec/alpha", exec, "run sh -c x"],
    ["/terminal/alpha", attach, "open terminals"],
    ["/terminal/alpha", resize, "open terminals"],
    ["/rpc/terminal/alpha", resize, "open terminals"],
    ["/connect/alpha/80", end, "connect 80"],
  ])("%s with %j", async (path, frames, deed) => {
    const send = async (first: object[]): Promise<number> => {
      const socket = new WebSocket(`${watched.agent.url.replace("http", "ws")}${path}`);
      await once(socket, "open");
      const closed = codeOf(socket);
      for (const frame of first) socket.send(JSON.stringify(frame));
      return closed;
    };
    done.length = 0;
    // Also where the token follows after all: what came before it is not made good.
    expect(await send([...frames, { type: "auth", token: good }, ...frames])).toBe(CLOSE.unauthorized);
    expect(done).toEqual([]);
    // The same words of somebody who is known are heard, so silence above was not for want of hearing.
    await send([{ type: "auth", token: good }, ...frames]);
    expect(done).toContain(deed);
  });
});

/** A worker in memory that notes what is begun in its workspaces. */
function watchedAdapters(done: string[]): Adapters {
  const fake = createFakeAdapters();
  const note = (box: Box): Box => ({
    ...box,
    run(argv, options) {
      done.push(`run ${argv.join(" ")}`);
      return box.run(argv, options);
    },
    connect(port, signal) {
      done.push(`connect ${port}`);
      return box.connect(port, signal);
    },
  });
  const docker: Runtime = { ...fake.docker, open: async (...given) => note(await fake.docker.open(...given)) };
  return {
    ...fake,
    runtime: { ...fake.runtime, docker: async () => docker },
    openTerminals(box) {
      done.push("open terminals");
      return fake.openTerminals(box);
    },
  };
}

describe("what a socket sends in excess (ws CVE-2026-48779)", () => {
  test.each(["with a token", "from one who has not said who he is"])(
    "a flood of one-byte fragments %s is cut off",
    async (who) => {
      const socket = connect(agent.agent.port, "127.0.0.1");
      socket.on("error", () => undefined);
      const head = [
        "GET /exec/alpha HTTP/1.1",
        "Host: 127.0.0.1",
        ...(who === "with a token" ? [`Authorization: Bearer ${token}`] : []),
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: eHh4eHh4eHh4eHh4eHh4eA==",
      ];
      socket.write(`${head.join("\r\n")}\r\n\r\n`);
      expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1.1 101/);
      const before = process.memoryUsage().rss;
      const closed = once(socket, "close");
      // A text message in a million fragments of one masked byte each.
      const first = Buffer.from([0x01, 0x81, 0, 0, 0, 0, 0x61]);
      const more = Buffer.concat(Array.from({ length: 10_000 }, () => Buffer.from([0x00, 0x81, 0, 0, 0, 0, 0x61])));
      socket.write(first);
      for (let batch = 0; batch < 100 && !socket.destroyed; batch += 1) {
        if (!socket.write(more)) await Promise.race([once(socket, "drain"), closed]);
      }
      await closed;
      expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
      expect((await agent.ask("/health")).status).toBe(200);
    },
  );

  test.each(["/exec/alpha", "/terminal/alpha"])(
    "a message of more than 1 MiB closes %s, and nothing can be packed small",
    async (path) => {
      const socket = open(path, { token });
      await once(socket, "open");
      expect(socket.extensions).toBe("");
      const code = codeOf(socket);
      socket.send(Buffer.alloc(1024 * 1024 + 1));
      expect(await code).toBe(1009);
    },
  );
});

test("open sockets are told that the agent goes away", async () => {
  await using other = await startTestAgent();
  await other.local.workspaces.create({ name: "alpha" });
  const good = (await other.local.tokens.create({ name: "good" })).token;
  const socket = new WebSocket(`${other.agent.url.replace("http", "ws")}/exec/alpha`, {
    headers: { authorization: `Bearer ${good}` },
  });
  await once(socket, "open");
  const closed = codeOf(socket);
  await other.agent.close();
  expect(await closed).toBe(CLOSE.goingAway);
});
