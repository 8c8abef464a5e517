import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { CLOSE, EXEC_STREAM, SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "@ws/rpc-contract/frames";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { startLinked, type Linked } from "../testing/with-hub.ts";
import { askedHeaders } from "./headers.ts";

/** As a browser opens it: without an Authorization header. */
function open({ hub }: Linked, path: string, options: { token?: string; headers?: Record<string, string> } = {}) {
  const { token, headers = {} } = options;
  const offered = token === undefined ? [SUBPROTOCOL] : [SUBPROTOCOL, `${TOKEN_SUBPROTOCOL}${token}`];
  const socket = new WebSocket(`${hub.agent.url.replace("http", "ws")}${path}`, offered, { headers });
  socket.on("error", () => undefined);
  return socket;
}

async function statusOf(socket: WebSocket): Promise<number | undefined> {
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  socket.terminate();
  return response.statusCode;
}

async function tokenOf({ hub }: Linked, scope: string): Promise<string> {
  return (await hub.local.tokens.create({ name: `${scope} ${randomBytes(4).toString("hex")}`, scope })).token;
}

test("A browser's token beside the protocol opens a worker's socket through the hub, and what is spoken is agreed on", async () => {
  const linked = await startLinked();
  await linked.worker.local.workspaces.create({ name: "alpha" });
  const socket = open(linked, "/on/desk/exec/alpha", { token: await tokenOf(linked, "write") });
  let stdout = "";
  socket.on("message", (data: Buffer, binary) => {
    if (binary && data[0] === EXEC_STREAM.stdout) stdout += data.subarray(1).toString();
  });
  await once(socket, "open");
  expect(socket.protocol).toBe(SUBPROTOCOL);
  socket.send(JSON.stringify({ type: "start", command: ["sh", "-c", "hello"] }));
  socket.send(JSON.stringify({ type: "stdin_end" }));
  expect((await once(socket, "close"))[0]).toBe(CLOSE.normal);
  expect(stdout).toBe("hello\n");
});

test("The worker is told what is spoken, and never the hub's token", () => {
  const told = (header: string) =>
    askedHeaders({ headersDistinct: {}, headers: { "sec-websocket-protocol": header } } as unknown as IncomingMessage);
  const secret = `${TOKEN_SUBPROTOCOL}${randomBytes(16).toString("base64url")}`;
  expect(told(`${SUBPROTOCOL}, ${secret}`)).toEqual({ "sec-websocket-protocol": SUBPROTOCOL });
  expect(told(`${secret},a,${secret} , b`)).toEqual({ "sec-websocket-protocol": "a, b" });
  expect(told(secret)).toEqual({});
});

test("A socket that says no token, a wrong one, or a lesser one does not reach the worker", async () => {
  const linked = await startLinked();
  await linked.worker.local.workspaces.create({ name: "alpha" });
  await linked.hub.local.workspaces.create({ name: "alpha" });
  const before = (await linked.worker.local.audit.list()).length;
  for (const path of ["/on/desk/terminal/alpha", "/on/desk/exec/alpha", "/on/desk/rpc/terminal/alpha"]) {
    expect([path, await statusOf(open(linked, path))]).toEqual([path, 401]);
    const unknown = open(linked, path, { token: randomBytes(16).toString("base64url") });
    expect([path, await statusOf(unknown)]).toEqual([path, 401]);
    const scoped = open(linked, path, { token: await tokenOf(linked, "workspace:alpha") });
    expect([path, await statusOf(scoped)]).toEqual([path, 403]);
  }
  const uplink = open(linked, "/on/desk/terminal/alpha", { token: linked.token });
  expect(await statusOf(uplink)).toBe(403);
  const reader = open(linked, "/on/desk/exec/alpha", { token: await tokenOf(linked, "read") });
  expect(await statusOf(reader)).toBe(403);
  const foreign = { token: await tokenOf(linked, "admin"), headers: { origin: "https://evil.test" } };
  expect(await statusOf(open(linked, "/on/desk/terminal/alpha", foreign))).toBe(403);
  expect((await linked.worker.local.audit.list()).length).toBe(before);
});

test("A token beside the protocol opens nothing else: no call, no link, no socket of the hub itself", async () => {
  const linked = await startLinked();
  const { hub } = linked;
  await hub.local.workspaces.create({ name: "alpha" });
  const offered = { "sec-websocket-protocol": `${TOKEN_SUBPROTOCOL}${await tokenOf(linked, "admin")}` };
  const upgrade = {
    ...offered,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "eA==",
  };
  for (const path of [
    "/on/desk/rpc/info",
    "/on/desk/files/alpha/x",
    "/on/desk/mcp",
    "/rpc/info",
    "/uplink?lane=bulk",
  ]) {
    expect([path, (await hub.ask(path, { headers: upgrade })).status]).toEqual([path, 401]);
  }
  for (const path of ["/on/desk/terminal/alpha", "/on/desk/exec/alpha"]) {
    expect([path, (await hub.ask(path, { headers: offered })).status]).toEqual([path, 401]);
  }
  const own = open(linked, "/terminal/alpha", { token: await tokenOf(linked, "admin") });
  await once(own, "open");
  own.send(JSON.stringify({ type: "attach", terminal: "main", cols: 80, rows: 24 }));
  expect((await once(own, "close"))[0]).toBe(CLOSE.unauthorized);
});

test("A flood of sockets without a token is refused at the hub one by one, and holds nothing there", async () => {
  const linked = await startLinked();
  await linked.worker.local.workspaces.create({ name: "alpha" });
  const flood = Array.from({ length: 300 }, () => statusOf(open(linked, "/on/desk/terminal/alpha")));
  expect(new Set(await Promise.all(flood))).toEqual(new Set([401]));
  // Neither of those who are refused is waited for, nor is anybody else kept out by them.
  const socket = open(linked, "/on/desk/exec/alpha", { token: await tokenOf(linked, "write") });
  await once(socket, "open");
  socket.terminate();
});

test("Guessing tokens beside the protocol is slowed down like guessing them in the header", async () => {
  const linked = await startLinked();
  const statuses: (number | undefined)[] = [];
  for (let guess = 0; guess < 12; guess += 1) {
    const token = randomBytes(16).toString("base64url");
    statuses.push(await statusOf(open(linked, "/on/desk/terminal/alpha", { token })));
  }
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
});

test("Revoking the token ends the sockets that it opened on the worker", async () => {
  const linked = await startLinked();
  const { hub, worker } = linked;
  await worker.local.workspaces.create({ name: "alpha" });
  const { id, token } = await hub.local.tokens.create({ name: "browser", scope: "write" });
  const socket = open(linked, "/on/desk/terminal/alpha", { token });
  await once(socket, "open");
  const closed = once(socket, "close");
  await hub.local.tokens.revoke({ token: id });
  const [code, reason] = (await closed) as [number, Buffer];
  expect([code, reason.toString()]).toEqual([CLOSE.unauthorized, "revoked"]);
});

test("Nothing that is sent after the token was revoked reaches the worker, also from one who has not read of it", async () => {
  const linked = await startLinked();
  const { hub, worker } = linked;
  await worker.local.workspaces.create({ name: "alpha" });
  const { id, token } = await hub.local.tokens.create({ name: "browser", scope: "write" });
  const socket = open(linked, "/on/desk/exec/alpha", { token });
  await once(socket, "open");
  socket.pause();
  await hub.local.tokens.revoke({ token: id });
  socket.send(JSON.stringify({ type: "start", command: ["sh", "-c", "hello"] }));
  const closed = once(socket, "close");
  socket.resume();
  expect(((await closed) as [number])[0]).toBe(CLOSE.unauthorized);
  expect(await worker.local.audit.list({ action: "exec" })).toEqual([]);
});
