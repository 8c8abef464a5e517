import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { CLOSE } from "@ws/rpc-contract/frames";
import { WsError, type WorkspaceId, type WorkspaceRecord, type Workspaces } from "@ws/workspace-core";
import { createManualClock, createMemoryStore, newRecord } from "@ws/workspace-core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import type { Authenticator } from "./access/authenticate.ts";
import type { Caller } from "./access/caller.ts";
import { createRedactor } from "./log/redact.ts";
import { createReport } from "./rpc/report.ts";
import type { AuditRecord } from "./store/audit.ts";
import { createStreams } from "./streams.ts";
import { createFakeTerminals } from "./testing/fake-terminals.ts";
import { createSilentLog } from "./testing/silent-log.ts";
import { followSocket, type TestClient } from "./testing/terminal-client.ts";

const ATTACH = { type: "attach", cols: 80, rows: 24 };
const START = { type: "start", command: ["id"] };

/** Sockets on a core that only tells what it was asked for. */
async function setUp(who: Partial<Caller> = {}) {
  const store = createMemoryStore();
  const clock = createManualClock();
  const log = createSilentLog();
  const redactor = createRedactor();
  const terminals = createFakeTerminals();
  const asked: string[] = [];
  const ending = new AbortController();
  const caller: Caller = {
    who: "scoped",
    scope: "workspace",
    workspace: "ws-1",
    token: { id: "tok-1", gone: ending.signal },
    ...who,
  };
  const core: Pick<Workspaces, "run" | "terminals"> = {
    async run(name) {
      asked.push(`run ${name}`);
      throw new Error("boom");
    },
    async terminals(name) {
      asked.push(`terminals ${name}`);
      return terminals;
    },
  };
  const authenticator: Authenticator = { check: () => ({ caller }) };
  const audit: Omit<AuditRecord, "at">[] = [];
  const streams = createStreams({
    authenticator,
    sessions: { use: () => undefined },
    state: { workspaces: store, audit: { append: (entry) => void audit.push(entry), list: () => [] } },
    report: createReport({ log, redactor }),
    workspaces: async () => core,
    clock,
    log,
  });
  const sockets = await streams.sockets();
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const [, stream, workspace = ""] = url.pathname.split("/");
    sockets.upgrade(request, socket, head, {
      route: { kind: "socket", stream: stream as "exec", workspace },
      url,
      peer: "127.0.0.1",
      ...(url.searchParams.has("stranger") ? {} : { caller }),
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    await streams[Symbol.asyncDispose]();
    server.close();
  });
  for (const [id, name] of [
    ["ws-1", "alpha"],
    ["ws-2", "beta"],
  ] as const) {
    store.insert(recordOf(id, name));
  }
  return {
    store,
    clock,
    log,
    redactor,
    terminals,
    core,
    asked,
    audit,
    streams,
    ending,
    async open(path: string): Promise<TestClient> {
      const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
      const client = followSocket(socket);
      await once(socket, "open");
      return client;
    },
  };
}

function recordOf(id: WorkspaceId, name: string): WorkspaceRecord {
  return newRecord(name, { id, phase: "ready", power: "running" });
}

describe("a name that goes to another workspace after the handshake (OpenClaw GHSA-rqpp)", () => {
  test.each(["", "?stranger"])("exec%s: the command runs where the token was judged for", async (how) => {
    const { store, asked, open } = await setUp();
    const client = await open(`/exec/alpha${how}`);
    if (how !== "") {
      client.say({ type: "auth", token: "x" });
      client.say({ type: "ack", bytes: 0 });
      client.socket.ping();
      await once(client.socket, "pong");
    }
    store.update(recordOf("ws-1", "moved"));
    store.update(recordOf("ws-2", "alpha"));
    client.say(START);
    await client.closed;
    expect(asked).toEqual(["run moved"]);
  });

  test.each([
    ["exec", START],
    ["terminal", ATTACH],
  ] as const)("%s: where the workspace is gone, nobody's is used instead", async (stream, first) => {
    const { store, asked, open } = await setUp();
    const client = await open(`/${stream}/alpha`);
    store.update({ ...recordOf("ws-1", "alpha"), phase: "cleaned_up" });
    store.update(recordOf("ws-2", "alpha"));
    client.say(first);
    expect(await client.frame("error")).toMatchObject({ code: "workspace_not_found" });
    expect(asked).toEqual([]);
  });

  test("terminal: viewers are shown the terminal of the workspace they were judged for", async () => {
    const { store, asked, terminals, streams, open } = await setUp();
    const client = await open("/terminal/alpha");
    store.update(recordOf("ws-1", "moved"));
    store.update(recordOf("ws-2", "alpha"));
    client.say(ATTACH);
    await client.frame("attached");
    expect(asked).toEqual(["terminals moved"]);
    expect([streams.viewers("ws-1", "main"), streams.viewers("ws-2", "main")]).toEqual([1, 0]);
    expect(terminals.calls).toEqual(["open main"]);
  });
});

test.each([
  ["exec", START],
  ["terminal", ATTACH],
] as const)("%s: a name that nothing has is answered with the nearest one", async (stream, first) => {
  const { open } = await setUp({ scope: "write" });
  const client = await open(`/${stream}/alph`);
  client.say(first);
  expect(await client.frame("error")).toEqual({
    type: "error",
    code: "workspace_not_found",
    message: "There is no workspace 'alph'.",
    next: "Did you mean 'alpha'? 'ws list' shows them all.",
  });
});

test("who may enter one workspace only is not told what another is called", async () => {
  const { store, open } = await setUp();
  const client = await open("/terminal/alpha");
  store.update({ ...recordOf("ws-1", "alpha"), phase: "cleaned_up" });
  store.update(recordOf("ws-2", "alphas"));
  client.say(ATTACH);
  const frame = await client.frame("error");
  expect(frame).toMatchObject({ code: "workspace_not_found", message: "There is no workspace 'alpha'." });
  expect(frame).not.toHaveProperty("next");
});

describe("a token that ends", () => {
  test.each(["", "?stranger"])("closes what it has open%s (OpenClaw GHSA-m8wm)", async (how) => {
    const { ending, open } = await setUp();
    const client = await open(`/terminal/alpha${how}`);
    if (how !== "") client.say({ type: "auth", token: "x" });
    client.say(ATTACH);
    await client.frame("attached");
    const reason = once(client.socket, "close");
    ending.abort(new WsError("unauthorized", { message: "The token has expired.", data: {} }));
    expect(await client.closed).toBe(CLOSE.unauthorized);
    expect(String((await reason)[1])).toBe("The token has expired.");
  });

  test("cuts off within five seconds one who does not answer the closing", async () => {
    const { ending, clock, streams, open } = await setUp();
    const client = await open("/terminal/alpha");
    client.socket.pause();
    ending.abort(new WsError("unauthorized", { message: "The token was revoked.", data: {} }));
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1_000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => streams.connections()).toBe(0);
    client.socket.resume();
    await client.closed;
  });

  test("begins nothing that is asked for while its socket closes", async () => {
    const { ending, asked, open } = await setUp();
    const client = await open("/exec/alpha");
    ending.abort(new WsError("unauthorized", { message: "The token was revoked.", data: {} }));
    client.say(START);
    expect(await client.closed).toBe(CLOSE.unauthorized);
    expect(asked).toEqual([]);
  });
});

test("One who never says who it is is closed after five seconds (OpenClaw: sockets before the password)", async () => {
  const { clock, open } = await setUp();
  const client = await open("/terminal/alpha?stranger");
  clock.advance(4_999);
  client.socket.ping();
  await once(client.socket, "pong");
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
  clock.advance(1);
  expect(await client.closed).toBe(CLOSE.unauthorized);
});

test("everybody who looks at a terminal is in the audit, the second as the first, and who was refused", async () => {
  const { core, audit, terminals, open } = await setUp();
  const line = { who: "scoped", action: "terminal", target: "alpha", details: { terminal: "main" } };
  for (const viewers of [1, 2]) {
    const client = await open("/terminal/alpha");
    client.say(ATTACH);
    await client.frame("attached");
    expect(audit).toEqual(Array.from({ length: viewers }, () => ({ ...line, outcome: "ok" })));
  }
  expect(terminals.calls).toEqual(["open main"]);
  core.terminals = async () => {
    throw new WsError("workspace_not_running", { message: "Stopped.", data: { name: "alpha", status: "stopped" } });
  };
  const refused = await open("/terminal/alpha");
  refused.say({ ...ATTACH, terminal: "other" });
  await refused.closed;
  expect(audit.slice(2)).toEqual([{ ...line, details: { terminal: "other" }, outcome: "workspace_not_running" }]);
});

test("a terminal that a client tries again and again to reach is in the audit once, until something else comes of it", async () => {
  const { core, audit, terminals: fake, open } = await setUp();
  const answering = core.terminals;
  const lost = (code: "engine_unreachable" | "internal") => async () => {
    throw code === "internal"
      ? new Error("boom")
      : new WsError(code, { message: "No engine.", data: { runtime: "docker" } });
  };
  const attach = async (terminal: string): Promise<void> => {
    const client = await open("/terminal/alpha");
    client.say({ ...ATTACH, terminal });
    await Promise.race([client.closed, client.frame("attached")]);
  };
  for (const attempt of [lost("engine_unreachable"), lost("internal"), answering]) {
    core.terminals = attempt;
    for (const terminal of ["main", "other", "main", "other", "main"]) await attach(terminal);
  }
  fake.lose(new Error("boom"));
  core.terminals = lost("internal");
  for (let round = 0; round < 3; round += 1) await attach("main");
  const outcomes = audit.filter(({ details }) => details?.["terminal"] === "main").map(({ outcome }) => outcome);
  expect(outcomes).toEqual(["engine_unreachable", "internal", "ok", "ok", "ok", "internal"]);
});

describe("an unexpected failure (Jupyter's secrets in 500 pages)", () => {
  test("of a command is logged once, and its client gets a code and a sentence without the details", async () => {
    const { core, log, redactor, audit, open } = await setUp();
    const secret = randomBytes(12).toString("hex");
    redactor.add(secret);
    core.run = async () => {
      throw new Error(`boom ${secret}`);
    };
    const client = await open("/exec/alpha");
    client.say(START);
    const frame = await client.frame("error");
    expect(frame).toMatchObject({ code: "internal", message: "The agent met an unexpected failure." });
    expect(frame.next).toMatch(/incident-[0-9a-f]{8}/);
    expect(JSON.stringify(frame)).not.toContain("boom");
    const logged = log.lines.filter(({ level }) => level === "error");
    expect(logged).toEqual([expect.objectContaining({ message: "unexpected failure" })]);
    expect(frame.next).toContain(logged[0]?.fields["incident"]);
    expect(audit).toEqual([expect.objectContaining({ action: "exec", outcome: "internal" })]);
  });

  test("of a domain kind reaches the client with its secrets taken out, and is no line of the log", async () => {
    const { core, log, redactor, open } = await setUp();
    const secret = randomBytes(12).toString("hex");
    redactor.add(secret);
    core.terminals = async () => {
      throw new WsError("box_unavailable", { message: `no way in: ${secret}`, data: { workspace: "ws-1" } });
    };
    const client = await open("/terminal/alpha");
    client.say(ATTACH);
    expect(await client.frame("error")).toEqual({
      type: "error",
      code: "box_unavailable",
      message: "no way in: [redacted]",
    });
    expect(log.lines).toEqual([]);
  });

  test("of a terminal is one line of the log, however many look at it", async () => {
    const { terminals, log, open } = await setUp();
    const clients = [await open("/terminal/alpha"), await open("/terminal/alpha")];
    for (const client of clients) {
      client.say(ATTACH);
      await client.frame("attached");
    }
    const reasons = clients.map(async ({ socket }) => String((await once(socket, "close"))[1]));
    terminals.lose(new Error("boom"));
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([CLOSE.goingAway, CLOSE.goingAway]);
    expect(new Set(await Promise.all(reasons))).toEqual(new Set(["internal: The agent met an unexpected failure."]));
    expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  });
});
