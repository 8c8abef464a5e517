import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let good: string;

beforeAll(async () => {
  agent = await startTestAgent();
  good = (await agent.local.tokens.create({ name: "good", scope: "admin" })).token;
});
afterAll(() => agent[Symbol.asyncDispose]());

describe("host names (DNS rebinding: code-server, MCP TypeScript SDK CVE-2025-66414)", () => {
  const paths = ["/", "/health", "/api", "/rpc/info", "/api/info", "/terminal/x", "/assets/x.js"];

  test.each(paths)("a foreign name gets 421 on %s, token or not", async (path) => {
    for (const token of [undefined, good]) {
      const headers = { host: "evil.test:7391", ...(token === undefined ? {} : bearer(token)) };
      expect((await agent.ask(path, { headers })).status).toBe(421);
    }
  });

  test("Origin and Host naming the same foreign host do not pass each other off", async () => {
    const headers = { host: "evil.test", origin: "http://evil.test", ...bearer(good) };
    expect((await agent.ask("/rpc/info", { method: "POST", headers })).status).toBe(421);
  });

  test("the refusal says which command allows the name, and the command works at once", async () => {
    const headers = { host: "Box.Test:80" };
    const refused = await agent.ask("/health", { headers });
    expect(JSON.parse(refused.text)).toMatchObject({
      data: { next: expect.stringContaining("ws config set allowedHosts box.test") },
    });
    await agent.local.config.settings.set({ key: "allowedHosts", value: "box.test" });
    expect((await agent.ask("/health", { headers })).status).toBe(200);
    await agent.local.config.settings.unset({ key: "allowedHosts" });
    expect((await agent.ask("/health", { headers })).status).toBe(421);
  });

  test.each(["127.0.0.1", "[::1]:7391", "10.1.2.3:80", "localhost:7391", "demo.localhost", "LOCALHOST."])(
    "%s always works",
    async (host) => {
      expect((await agent.ask("/health", { headers: { host } })).status).toBe(200);
    },
  );

  test.each([
    "localhost.evil.test",
    "127.0.0.1.evil.test",
    "127.0.0.1@evil.test",
    "evil.test#localhost",
    "[::1",
    "local host",
  ])("%s does not", async (host) => {
    expect((await agent.ask("/health", { headers: { host } })).status).toBe(421);
  });
});

describe("requests of other sites' pages", () => {
  const own = (): Record<string, string> => ({
    origin: agent.agent.url,
    "sec-fetch-site": "same-origin",
    ...bearer(good),
  });

  test("the agent's own page is served", async () => {
    expect((await agent.ask("/rpc/info", { method: "POST", headers: own() })).status).toBe(200);
  });

  test.each([
    "https://evil.test",
    "null",
    "http://127.0.0.1:1",
    "https://127.0.0.1",
    "file://",
    "chrome-extension://x",
  ])("Origin %s is refused everywhere, sockets before the upgrade (Cline Kanban CVE-2026-44211)", async (origin) => {
    const headers = { ...own(), origin };
    const before = await agent.local.info();
    expect((await agent.ask("/rpc/info", { method: "POST", headers })).status).toBe(403);
    expect((await agent.ask("/", { headers })).status).toBe(403);
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "eA==",
    };
    expect((await agent.ask("/terminal/alpha", { headers: { ...headers, ...upgrade } })).status).toBe(403);
    expect((await agent.local.info()).terminalConnections).toBe(before.terminalConnections);
  });

  test("Sec-Fetch-Site other than none and same-origin is refused", async () => {
    for (const site of ["cross-site", "same-site"]) {
      const headers = { ...json, ...bearer(good), "sec-fetch-site": site };
      expect((await agent.ask("/rpc/info", { method: "POST", headers })).status).toBe(403);
    }
  });

  test("a link on another site may open the dashboard, but not in a frame", async () => {
    const followed = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    expect((await agent.ask("/", { headers: { ...followed, "sec-fetch-dest": "document" } })).status).toBe(200);
    expect((await agent.ask("/", { headers: { ...followed, "sec-fetch-dest": "iframe" } })).status).toBe(403);
    const procedure = await agent.ask("/api/info", {
      headers: { ...followed, "sec-fetch-dest": "document", ...bearer(good) },
    });
    expect(procedure.status).toBe(403);
  });

  test("a simple request of a form is refused, and a GET changes nothing (opencode CVE-2026-22812)", async () => {
    const body = '{"json":{"name":"alpha"}}';
    const form = { "content-type": "text/plain", "sec-fetch-site": "cross-site" };
    expect((await agent.ask("/rpc/workspaces/delete", { method: "POST", headers: form, body })).status).toBe(403);
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/jsonp",
    ]) {
      const headers = { "content-type": type, ...bearer(good) };
      expect((await agent.ask("/rpc/workspaces/delete", { method: "POST", headers, body })).status).toBe(415);
      expect((await agent.ask("/api/workspaces", { method: "POST", headers, body })).status).toBe(415);
    }
    for (const headers of [{}, bearer(good)]) {
      expect((await agent.ask("/rpc/workspaces/delete?data=%7B%22json%22%3A%7B%7D%7D", { headers })).status).toBe(405);
    }
    expect((await agent.ask("/rpc/info", { headers: bearer(good) })).status).toBe(405);
    expect((await agent.ask("/", { method: "POST" })).status).toBe(405);
  });

  test("no answer carries a CORS header (opencode's permissive CORS)", async () => {
    const preflight = { origin: "https://evil.test", "access-control-request-method": "POST" };
    const answers = await Promise.all([
      agent.ask("/rpc/info", { headers: preflight, method: "OPTIONS" }),
      agent.ask("/rpc/info", { headers: { origin: "https://evil.test" } }),
      agent.ask("/rpc/info", { method: "POST", headers: own() }),
      agent.ask("/health"),
    ]);
    for (const { headers } of answers) expect(Object.keys(headers).join()).not.toMatch(/access-control/);
  });

  test("every answer forbids frames, foreign scripts and sniffing (code-server's clickjacking)", async () => {
    for (const path of ["/", "/health", "/api", "/rpc/info", "/nowhere"]) {
      const { headers } = await agent.ask(path);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("script-src 'self'");
      expect(policy).not.toContain("unsafe-");
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
    }
  });
});
