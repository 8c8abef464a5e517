import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createAgentClient } from "@ws/rpc-contract/client";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createGate } from "../http/gate.ts";
import { bearer, json } from "../testing/headers.ts";
import { refusal } from "../testing/refusal.ts";
import { startLinked } from "../testing/with-hub.ts";
import { callerFromHub } from "./caller.ts";

const UPGRADE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "eA==",
};

describe("what a hub may do is the worker's grant (OpenClaw GHSA-rqpp: scopes that the caller declared itself)", () => {
  test("with the grant 'read' nothing is run there, though the hub says that its caller is an administrator", async () => {
    const { hub, worker, through } = await startLinked("read");
    await worker.local.workspaces.create({ name: "alpha" });
    const admin = await through("admin");
    expect((await admin.workspaces.list()).map(({ name }) => name)).toEqual(["alpha"]);
    expect(await refusal(admin.workspaces.exec({ name: "alpha", command: "id" }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(admin.tokens.list())).toBe("FORBIDDEN forbidden");
    const put = await hub.ask("/on/desk/files/alpha/x", { method: "PUT", body: "x", unix: true });
    expect(put.status).toBe(403);
    for (const path of ["/on/desk/exec/alpha", "/on/desk/rpc/exec/alpha", "/on/desk/connect/alpha/80"]) {
      expect([path, (await hub.ask(path, { headers: UPGRADE, unix: true })).status]).toEqual([path, 403]);
    }
  });

  test("with the grant 'admin' a caller who may only read there may only read here", async () => {
    const { worker, through } = await startLinked("admin");
    await worker.local.workspaces.create({ name: "alpha" });
    const [reader, admin] = [await through("read"), await through("admin")];
    expect(await refusal(reader.workspaces.exec({ name: "alpha", command: "id" }))).toBe("FORBIDDEN forbidden");
    expect(await admin.tokens.list()).toEqual([]);
  });

  test("a client's own x-ws headers are believed neither by the hub nor by the worker", async () => {
    const { hub, worker } = await startLinked();
    const { token } = await hub.local.tokens.create({ name: "reader", scope: "read" });
    const forged = { "x-ws-scope": "admin", "x-ws-who": "root", "X-WS-Instance": "0".repeat(16) };
    const body = JSON.stringify({ json: { name: "alpha" } });
    const ask = { method: "POST", headers: { ...json, ...bearer(token), ...forged }, body };
    expect((await hub.ask("/on/desk/rpc/workspaces/create", ask)).status).toBe(403);
    const direct = { method: "POST", headers: { ...json, ...forged }, body };
    expect((await worker.ask("/rpc/workspaces/create", direct)).status).toBe(401);
    const writer = (await hub.local.tokens.create({ name: "writer", scope: "write" })).token;
    const allowed = { ...ask, headers: { ...ask.headers, ...bearer(writer) } };
    expect((await hub.ask("/on/desk/rpc/workspaces/create", allowed)).status).toBe(200);
    const entry = (await worker.local.audit.list()).find(
      ({ action, outcome }) => action === "workspaces.create" && outcome === "ok",
    );
    expect(entry).toMatchObject({
      action: "workspaces.create",
      who: expect.stringMatching(/^hub\/127\.0\.0\.1: writer \(tok-/),
    });
  });

  test("a caller of the hub creates sixty tasks a minute and no more, as with a token of the worker's own", async () => {
    const { worker, through } = await startLinked();
    await worker.local.workspaces.create({ name: "alpha" });
    const [writer, other] = [await through("write"), await through("write")];
    const spec = { kind: "command" as const, command: ["x"] };
    await Promise.all(Array.from({ length: 60 }, () => writer.tasks.create({ name: "alpha", spec })));
    expect(await refusal(writer.tasks.create({ name: "alpha", spec }))).toBe("TOO_MANY_REQUESTS too_many_requests");
    expect((await other.tasks.create({ name: "alpha", spec })).createdBy).toMatch(/^hub\/127\.0\.0\.1: write /);
  });

  test("a token for one workspace or one pipeline of the hub is of no use on a worker", async () => {
    const { hub, worker, through } = await startLinked();
    await hub.local.workspaces.create({ name: "alpha" });
    await worker.local.workspaces.create({ name: "alpha" });
    const scoped = await through("workspace:alpha");
    expect(await refusal(scoped.workspaces.get({ name: "alpha" }))).toBe("FORBIDDEN forbidden");
    const handler = { kind: "fetch" as const, settings: { repo: "alpha" } };
    const { token } = await hub.local.tokens.create({ name: "pipeline", handler });
    const pipeline = createAgentClient({ url: `${hub.agent.url}/on/desk`, token: () => token });
    expect(await refusal(pipeline.files.list({ name: "alpha", path: "." }))).toBe("FORBIDDEN forbidden");
  });
});

describe("a worker's token", () => {
  test("opens its link and nothing else, in the header and as a socket's first message", async () => {
    const { hub, token } = await startLinked();
    await hub.local.workspaces.create({ name: "alpha" });
    const thief = hub.remote(token);
    expect(await refusal(thief.info())).toBe("FORBIDDEN forbidden");
    expect(await refusal(thief.auth.whoami())).toBe("FORBIDDEN forbidden");
    for (const path of ["/api/workspaces", "/mcp", "/files/alpha/x", "/on/desk/rpc/info", "/terminal/alpha"]) {
      expect([path, (await hub.ask(path, { headers: bearer(token) })).status]).toEqual([path, 403]);
    }
    const socket = new WebSocket(`ws://127.0.0.1:${hub.agent.port}/terminal/alpha`);
    await once(socket, "open");
    socket.send(JSON.stringify({ type: "auth", token }));
    expect((await once(socket, "close"))[0]).toBe(4403);
  });

  test("is the only one that opens a link", async () => {
    const { hub } = await startLinked();
    const { token } = await hub.local.tokens.create({ name: "admin", scope: "admin" });
    const upgrade = { ...UPGRADE, "x-ws-instance": "0".repeat(16) };
    for (const [headers, unix, status] of [
      [upgrade, false, 401],
      [{ ...upgrade, ...bearer(token) }, false, 403],
      [upgrade, true, 403],
    ] as const) {
      expect((await hub.ask("/uplink?lane=bulk", { headers, unix })).status).toBe(status);
    }
  });

  test("belongs to the first worker that uses it: another is told worker_conflict and cuts nobody off", async () => {
    const { worker, startWorker, shown } = await startLinked();
    const other = await startWorker();
    const hub = async () => (await other.local.info()).hub;
    await expect.poll(async () => (await hub())?.state).toBe("refused");
    expect((await hub())?.problem).toContain("belongs to the worker 'desk'");
    expect(await shown()).toMatchObject({ state: "online" });
    expect((await worker.local.info()).hub).toMatchObject({ state: "connected" });
    const check = (await other.local.doctor()).find(({ id }) => id === "hub");
    expect(check).toMatchObject({ status: "fail" });
  });

  test("does not make a worker its own hub", async () => {
    const { hub } = await startLinked();
    const { token } = await hub.local.workers.add({ name: "self" });
    const db = new DatabaseSync(join(hub.configDirectory, "state.db"), { readOnly: true });
    const own = String(db.prepare("SELECT value FROM meta WHERE key = 'instance'").get()?.["value"]);
    db.close();
    const dial = async (instance: string, lane = "bulk") => {
      const headers = { ...UPGRADE, ...bearer(token), "x-ws-instance": instance };
      return (await hub.ask(`/uplink?lane=${lane}`, { headers })).status;
    };
    expect(await dial(own)).toBe(409);
    expect(await dial("; DROP")).toBe(400);
    expect(await dial("0".repeat(16), "fast")).toBe(400);
  });

  test("that is revoked ends the link at once, and the worker is told why and does not come back", async () => {
    const { hub, worker, shown, through } = await startLinked();
    await worker.local.workspaces.create({ name: "alpha" });
    const client = await through("write");
    const running = client.workspaces.exec({ name: "alpha", command: "sleep" });
    await expect.poll(async () => (await worker.local.info()).hub?.state).toBe("connected");
    const failed = refusal(running);
    await hub.local.tokens.revoke({ token: "worker desk" });
    expect(await failed).toBe("PRECONDITION_FAILED worker_offline");
    await expect.poll(async () => (await shown())?.state).toBe("revoked");
    await expect.poll(async () => (await worker.local.info()).hub).toMatchObject({ state: "refused" });
    expect((await worker.local.workspaces.list()).map(({ status }) => status)).toEqual(["running"]);
  });

  test("goes with its worker, whose name is free then", async () => {
    const { hub, worker, shown } = await startLinked();
    await hub.local.workers.rename({ worker: "desk", newName: "tower" });
    expect((await hub.local.workers.list())[0]).toMatchObject({ name: "tower", state: "online" });
    expect(await refusal(hub.local.workers.add({ name: "tower" }))).toBe("CONFLICT name_taken");
    await hub.local.workers.remove({ worker: "tower" });
    expect(await shown()).toBeUndefined();
    await expect.poll(async () => (await worker.local.info()).hub?.state).toBe("refused");
    expect(await hub.local.tokens.list()).toEqual([]);
    await hub.local.workers.add({ name: "tower" });
    expect((await hub.local.workers.list())[0]).toMatchObject({ name: "tower", state: "expected" });
  });
});

describe("what comes through a worker's own link", () => {
  const gate = createGate({
    names: () => [],
    authenticator: { check: () => ({ reason: "unknown" }) },
    isPrivate: () => true,
    fromHub: (headers) => callerFromHub(headers, { hub: "h", grant: "admin" }),
  });
  const ask = (url: string, headers: Record<string, string>, method = "POST"): number => {
    const verdict = gate({ url, method, headers, socket: {} } as unknown as IncomingMessage, "uplink");
    return "refusal" in verdict ? verdict.refusal.status : 200;
  };
  const said = { host: "worker", "x-ws-scope": "admin", "x-ws-who": "me" };

  test.each([
    ["/rpc/info", 200],
    ["/rpc/on/desk/info", 200],
    ["/on/desk/rpc/info", 404],
    ["/uplink?lane=bulk", 404],
    ["/rpc/auth/exchange", 401],
    ["/api/auth/exchange", 401],
  ])("%s: %d (no chain of hubs, no signing in)", (url, status) => {
    expect(ask(url, said)).toBe(status);
  });

  test.each(["/", "/index.html", "/api"])("GET %s is not led", (url) => {
    expect(ask(url, said, "GET")).toBe(404);
  });

  test.each([
    {},
    { "x-ws-scope": "workspace" },
    { "x-ws-scope": "uplink" },
    { "x-ws-scope": "Admin" },
    { "x-ws-scope": "" },
  ])("without a scope that there is, %j, it is nobody's", (headers) => {
    expect(ask("/rpc/info", headers as Record<string, string>)).toBe(401);
  });

  test("who it is from is cut to size and never fails, whatever the header holds", () => {
    const who = (header: string) => {
      const caller = callerFromHub({ "x-ws-scope": "admin", "x-ws-who": header }, { hub: "h", grant: "read" });
      return caller !== undefined && "who" in caller ? caller : undefined;
    };
    expect(who("%E2%82%AC")).toMatchObject({ who: "hub/h: €", scope: "read" });
    expect(who("a%0A%1B%5B2Jb")?.who).toBe("hub/h: a\uFFFD\uFFFD[2Jb");
    expect(who("%ff")?.who).toBe("hub/h: unknown");
    expect(who("x".repeat(5_000))?.who.length).toBeLessThan(200);
  });
});
