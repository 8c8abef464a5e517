import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Clock } from "@ws/workspace-core";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import type { WebSocket } from "ws";
import { bearer } from "../testing/headers.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { dial, DialRefused } from "./dial.ts";
import { askedHeaders } from "./headers.ts";
import { keepBeating } from "./heartbeat.ts";
import { speakAsWorker } from "./sessions.ts";
import { readStatuses } from "./status.ts";

const STATUS = { hostname: "h", version: "1", grant: "read", workspaces: 0, running: 0, tasks: 0 };

/** A hub with a worker that answers whatever the test says. */
async function withWorker(answer: RequestListener) {
  const hub = await startTestAgent();
  onTestFinished(() => hub[Symbol.asyncDispose]());
  const { token } = await hub.local.workers.add({ name: "desk" });
  const server = createServer(answer);
  const gone = new AbortController();
  onTestFinished(() => gone.abort());
  const options = { url: hub.agent.url, token, instance: "0".repeat(16), version: "1", clock: createManualClock() };
  await dial(options, "interactive", {
    signal: gone.signal,
    opened: (socket) =>
      void speakAsWorker(socket, "interactive", (stream, path) => {
        if (path === "/connection") server.emit("connection", stream);
      }),
  });
  await expect.poll(async () => (await hub.local.workers.list())[0]?.state).toBe("online");
  const admin = (await hub.local.tokens.create({ name: "a", scope: "admin" })).token;
  return (path: string) => hub.ask(path, { headers: bearer(admin) });
}

test("what a worker answers sets nothing in a browser that looks at the hub, and runs nothing there", async () => {
  const ask = await withWorker((_request, response) => {
    response.writeHead(200, {
      "content-type": "text/html",
      "content-security-policy": "default-src *",
      "set-cookie": "a=b",
      "access-control-allow-origin": "*",
      "clear-site-data": '"*"',
      "service-worker-allowed": "/",
      "strict-transport-security": "max-age=1",
      location: "https://evil.test",
      refresh: "0; url=https://evil.test",
      "x-content-type-options": "sniff",
      "x-frame-options": "ALLOWALL",
    });
    response.end("<script>alert(1)</script>");
  });
  const { headers, text } = await ask("/on/desk/files/x/page.html");
  expect(text).toContain("<script>");
  expect(headers).toMatchObject({
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
  });
  expect(Object.keys(headers).join(" ")).not.toMatch(
    /cookie|access-control|clear-site|allowed|strict|location|refresh|frame-options/,
  );
});

test("a worker that answers no HTTP, or ends in the middle, is an error and never a whole", async () => {
  const ask = await withWorker((request, response) => {
    if (request.url?.endsWith("broken") === true) return void response.socket?.end("\u0000\u0001no http\r\n\r\n");
    response.writeHead(200, { "content-length": 100 });
    response.write("some", () => response.destroy());
  });
  const broken = await ask("/on/desk/files/x/broken");
  expect([broken.status, broken.text]).toEqual([412, expect.stringContaining("worker_offline")]);
  await expect(ask("/on/desk/files/x/cut")).rejects.toThrow();
  expect((await ask("/rpc/../health")).status).toBe(200);
});

test("a client's own words about who it is, where it comes from and what it is let are not led on", () => {
  const names = [
    "x-ws-scope",
    "x-ws-who",
    "authorization",
    "cookie",
    "x-forwarded-for",
    "forwarded",
    "origin",
    "host",
    "te",
    "expect",
  ];
  const headersDistinct = Object.fromEntries([...names, "range", "mcp-session-id"].map((name) => [name, ["x"]]));
  expect(askedHeaders({ headersDistinct, headers: {} } as unknown as IncomingMessage)).toEqual({
    range: "x",
    "mcp-session-id": "x",
  });
});

test("of what a worker says of itself nothing controls a terminal, what is no status is left out, and a line without an end ends it", async () => {
  async function* lines() {
    yield Buffer.from(
      `{"hostname":1}\nnull\n{"__proto__":{}}\n${JSON.stringify({ ...STATUS, hostname: "a\u001b[2Jb".padEnd(300, "x") })}`,
    );
    yield Buffer.from(`\n${JSON.stringify({ ...STATUS, workspaces: -1 })}\n`);
    for (let piece = 0; piece < 100; piece += 1) yield Buffer.alloc(1_000, "x");
    throw new Error("it was read on");
  }
  const told = [];
  for await (const status of readStatuses(lines())) told.push(status);
  expect(told).toHaveLength(1);
  expect(told[0]?.hostname).toHaveLength(100);
  expect(told[0]?.hostname).toMatch(/^a\uFFFD\[2Jb/);
});

const LONG = JSON.stringify({ message: `no\u001b[2J${"!".repeat(5_000)}`, data: { code: "forbidden" } });

test.each([
  ["302 Found\r\nlocation: http://127.0.0.1:1/uplink", "", 302, /^It answered 302\.$/],
  ["403 Forbidden", LONG, 403, /^no \[2J!{290,295}$/],
  ["409 Conflict", "x".repeat(100_000), 409, /^It answered 409\.$/],
])("a hub that does not take the link, %s, is heard, not followed and not taken at any length", async (...row) => {
  const [head, body, status, said] = row;
  const server = createServer();
  server.on("upgrade", (_request, socket) => {
    // It is left in the middle of what is too long.
    socket.on("error", () => undefined);
    socket.end(`HTTP/1.1 ${head}\r\nconnection: close\r\n\r\n${body}`);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await refusedBy(url, createManualClock());
  expect(error).toBeInstanceOf(DialRefused);
  expect(error).toMatchObject({ status, message: expect.stringMatching(said) as string });
});

test("a hub that tells its refusal slowly, or never ends it, is not waited for", async () => {
  const clock = createManualClock();
  const server = createServer();
  server.on("upgrade", (_request, socket) => {
    socket.on("error", () => undefined);
    socket.write('HTTP/1.1 403 Forbidden\r\ncontent-length: 1000\r\n\r\n{"mess');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const refused = refusedBy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, clock);
  await clock.idle();
  clock.advance(10_000);
  expect(await refused).toMatchObject({ name: "DialRefused", status: 403, message: "It answered 403." });
});

function refusedBy(url: string, clock: Pick<Clock, "sleep">): Promise<unknown> {
  return dial({ url, token: "x", instance: "0".repeat(16), version: "1", clock }, "bulk", {
    signal: new AbortController().signal,
    opened: () => undefined,
  }).catch((reason: unknown) => reason);
}

test("an end that says nothing for forty seconds is dropped, and one that answers is asked every fifteen", async () => {
  const clock = createManualClock();
  const asked: number[] = [];
  let terminated: number | undefined;
  const socket = Object.assign(new EventEmitter(), {
    isPaused: false,
    ping: () => void asked.push(clock.monotonic()),
    terminate: () => void (terminated = clock.monotonic()),
  });
  const began = clock.monotonic();
  const beats: number[] = [];
  keepBeating(socket as unknown as WebSocket, clock, { onBeat: (ms) => void beats.push(ms) });
  const pass = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= 1) {
      clock.advance(1_000);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  };
  for (let beat = 0; beat < 4; beat += 1) {
    clock.advance(20);
    socket.emit("pong");
    await pass(15);
  }
  expect(beats).toEqual([20, 20, 20, 20]);
  expect(asked).toHaveLength(5);
  expect(terminated).toBeUndefined();
  await pass(46);
  expect((terminated ?? 0) - began).toBeGreaterThan(60_000);
  expect((terminated ?? 0) - began).toBeLessThan(120_000);
});
