import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { createAuthority, type TestAuthority } from "../testing/certificates.ts";
import { everyRoute } from "../testing/every-route.ts";
import { bearer, json } from "../testing/headers.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { pinOfCertificate } from "../tls/pin.ts";

/** An address of this machine that is not loopback; a machine without a network has none. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === "IPv4" && !internal)?.address;

interface Said {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

function send(request: typeof httpRequest, options: RequestOptions, body = ""): Promise<Said> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent: false, ...options }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

describe("one port speaks TLS and, to this machine, HTTP", () => {
  let agent: TestAgent;
  let good: string;
  const over = (host: string, path: string, more: RequestOptions = {}): RequestOptions => ({
    host,
    port: agent.agent.port,
    path,
    rejectUnauthorized: false,
    ...more,
  });

  beforeAll(async () => {
    agent = await startTestAgent({ listen: "0.0.0.0", tls: { mode: "self" } });
    good = (await agent.local.tokens.create({ name: "good", scope: "admin" })).token;
  });
  afterAll(() => agent[Symbol.asyncDispose]());

  test("a preview is entered with a cookie that crosses nothing readable and that no other host can set", async () => {
    await agent.local.workspaces.create({ name: "web" });
    const asked = { method: "POST", headers: { ...json, ...bearer(good) } };
    const opened = await send(httpsRequest, over("127.0.0.1", "/api/workspaces/web/preview", asked), '{"port":3000}');
    const { protocol, host, hash } = new URL((JSON.parse(opened.text) as { url: string }).url);
    expect([protocol, host]).toEqual(["https:", `3000--web.localhost:${agent.agent.port}`]);
    const spend = { method: "POST", headers: { ...json, host } };
    const body = JSON.stringify({ code: hash.slice("#code=".length) });
    if (outside !== undefined) {
      expect((await send(httpRequest, over(outside, "/.ws/enter", spend), body)).status).toBe(426);
      const page = await send(httpRequest, over(outside, "/.ws/enter", { headers: { host } }));
      expect([page.status, page.headers["location"]]).toEqual([308, `https://${host}/.ws/enter`]);
    }
    const entered = await send(httpsRequest, over("127.0.0.1", "/.ws/enter", spend), body);
    expect(entered.headers["set-cookie"]).toEqual([
      expect.stringMatching(/^__Host-ws-preview=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
  });

  test("calls, large bodies, and terminals' sockets pass, with the gate's checks as everywhere", async () => {
    expect((await send(httpsRequest, over("127.0.0.1", "/health"))).status).toBe(200);
    const call = { method: "POST", headers: { ...json, ...bearer(good) } };
    expect((await send(httpsRequest, over("127.0.0.1", "/rpc/info", call), "{}")).status).toBe(200);
    expect((await send(httpsRequest, over("127.0.0.1", "/rpc/info", { method: "POST" }))).status).toBe(401);
    const foreign = { ...call, headers: { ...call.headers, origin: "https://evil.test" } };
    expect((await send(httpsRequest, over("127.0.0.1", "/rpc/info", foreign), "{}")).status).toBe(403);
    const own = { ...call, headers: { ...call.headers, origin: `https://127.0.0.1:${agent.agent.port}` } };
    expect((await send(httpsRequest, over("127.0.0.1", "/rpc/info", own), "{}")).status).toBe(200);
    const large = JSON.stringify({ json: { name: "x".repeat(5_000_000) } });
    expect((await send(httpsRequest, over("127.0.0.1", "/rpc/files/write", call), large)).status).toBe(400);
    const socket = new WebSocket(`wss://127.0.0.1:${agent.agent.port}/terminal/none`, {
      rejectUnauthorized: false,
      headers: bearer(good),
    });
    await once(socket, "open");
    socket.terminate();
  });

  test("no route lets anybody in without a token, who came by TLS either (row 10, paseo #4087: one relay skipped the password)", async () => {
    const closed = everyRoute().filter(({ open, title }) => !open && !title.startsWith("WebSocket"));
    const statuses = closed.map(async ({ title, path, ask }) => {
      const { status } = await send(httpsRequest, over("127.0.0.1", path, ask), ask.body);
      return [title, status];
    });
    expect(await Promise.all(statuses)).toEqual(closed.map(({ title }) => [title, 401]));
  });

  test("requests without TLS are answered at loopback only, whoever asks, and their token is not looked at", async () => {
    expect((await send(httpRequest, over("127.0.0.1", "/health"))).status).toBe(200);
    if (outside === undefined) return;
    for (const headers of [{}, bearer(good), bearer("wst_wrong")]) {
      const refused = await send(httpRequest, over(outside, "/rpc/info", { method: "POST", headers }));
      expect(refused.status).toBe(426);
      expect(JSON.parse(refused.text)).toMatchObject({
        json: {
          data: {
            code: "tls_required",
            next: expect.stringContaining(`https://${outside}:${agent.agent.port}. A token that was sent`),
          },
        },
      });
    }
    const upgrade = { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" };
    const headers = { ...upgrade, "sec-websocket-key": "eA==", ...bearer(good) };
    expect((await send(httpRequest, over(outside, "/terminal/x", { headers }))).status).toBe(426);
    expect((await send(httpRequest, over(outside, "/health"))).status).toBe(426);
    const page = await send(httpRequest, over(outside, "/workspaces/x?y=1"));
    expect(page.status).toBe(308);
    expect(page.headers["location"]).toBe(`https://${outside}:${agent.agent.port}/workspaces/x?y=1`);
    const rebound = await send(httpRequest, over(outside, "/", { headers: { host: "evil.test" } }));
    expect(rebound.status).toBe(421);
    expect((await send(httpsRequest, over(outside, "/health"))).status).toBe(200);
  });

  test("what is neither TLS nor HTTP is turned away, byte by byte or half a handshake, and others are served meanwhile", async () => {
    const first = async (bytes: Buffer): Promise<void> => {
      const socket = connect(agent.agent.port, "127.0.0.1");
      socket.on("error", () => undefined);
      socket.resume().write(bytes);
      if (bytes[0] !== 22 || bytes.length > 10) await once(socket, "close");
      socket.destroy();
    };
    await Promise.all([
      first(Buffer.from([0, 1, 2, 3])),
      first(Buffer.from([22])),
      first(Buffer.from([22, 3, 1, 0xff, 0xff])),
      first(Buffer.concat([Buffer.from([22, 3, 1, 0, 32]), Buffer.alloc(32, 7)])),
    ]);
    expect((await send(httpsRequest, over("127.0.0.1", "/health"))).status).toBe(200);
    const slow = connect(agent.agent.port, "127.0.0.1");
    for (const byte of "GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n") slow.write(byte);
    const [answer] = (await once(slow, "data")) as [Buffer];
    expect(answer.toString()).toContain("200 OK");
    slow.destroy();
  });

  test("devices see the key whose pin the worker shows", async () => {
    const socket = connectTls({ host: "127.0.0.1", port: agent.agent.port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const seen = pinOfCertificate(socket.getPeerX509Certificate() as X509Certificate);
    socket.destroy();
    const kept = readFileSync(join(agent.configDirectory, "tls", "worker.crt"), "utf8");
    expect(seen).toBe(pinOfCertificate(new X509Certificate(kept)));
    expect(agent.said).toContain(seen);
    const { message } = (await agent.local.doctor()).find(({ id }) => id === "listening") ?? {};
    expect(message).toBe(`0.0.0.0:${agent.agent.port} by TLS lets in who has a token. The pin of its key is ${seen}.`);
  });
});

describe("a worker that asks clients for certificates", () => {
  const directory = tempDir();
  let authority: TestAuthority;
  let agent: TestAgent;

  beforeAll(async () => {
    authority = await createAuthority("clients");
    const clientCa = join(directory.path, "ca.pem");
    writeFileSync(clientCa, authority.cert);
    agent = await startTestAgent({ tls: { mode: "self", clientCa } });
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    directory[Symbol.dispose]();
  });

  const ask = (certificate: { cert: string; key: string } | undefined, headers: Record<string, string> = {}) =>
    send(httpsRequest, {
      host: "127.0.0.1",
      port: agent.agent.port,
      path: "/rpc/info",
      method: "POST",
      headers,
      rejectUnauthorized: false,
      ...certificate,
    });

  test("answers nobody without one of its authority, and whom it answers still needs a token", async () => {
    const { token } = await agent.local.tokens.create({ name: "good", scope: "read" });
    await expect(ask(undefined, bearer(token))).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    const stranger = await (await createAuthority("clients")).issue(["laptop"]);
    await expect(ask(stranger, bearer(token))).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    const known = await authority.issue(["laptop"]);
    expect((await ask(known)).status).toBe(401);
    expect((await ask(known, bearer(token))).status).toBe(200);
  });
});
