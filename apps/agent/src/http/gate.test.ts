import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { everyRoute } from "../testing/every-route.ts";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
let good: string;
let expired: string;

beforeAll(async () => {
  agent = await startTestAgent();
  good = (await agent.local.tokens.create({ name: "good", scope: "admin" })).token;
  const short = await agent.local.tokens.create({ name: "expired", scope: "admin", ttlSeconds: 1 });
  expired = short.token;
  // Its end is what is waited for; nothing announces it.
  await vi.waitFor(
    async () => {
      if ((await agent.local.tokens.list()).some(({ id }) => id === short.id)) throw new Error("not expired yet");
    },
    { timeout: 5_000 },
  );
});
afterAll(() => agent[Symbol.asyncDispose]());

describe("every route of every transport asks for a token (paseo #4087: one relay skipped the password)", () => {
  const closed = everyRoute().filter(({ open }) => !open);

  test.each(closed)("$title", async ({ title, path, ask }) => {
    const statuses = await Promise.all(
      [undefined, "x".repeat(47), expired].map(async (token, index) => {
        const headers = { ...ask.headers, ...(token === undefined ? {} : bearer(token)) };
        // Each wrong token from another address, so that the throttle stays out of this test.
        const from = `127.1.${index}.${1 + (closed.findIndex((route) => route.title === title) % 250)}`;
        return (await agent.ask(path, { ...ask, headers, from })).status;
      }),
    );
    // A browser cannot send the header with a WebSocket: without one it may send the token first thing.
    const none = title.startsWith("WebSocket") ? 101 : 401;
    expect(statuses).toEqual([none, 401, 401]);
    const headers = { ...ask.headers, ...bearer(good) };
    const admitted = await agent.ask(path, { ...ask, headers, statusOnly: true });
    expect(admitted.status).not.toBe(401);
  });

  test("who holds a token that is no good is told why, and nobody else is told anything", async () => {
    const doomed = await agent.local.tokens.create({ name: "doomed" });
    await agent.local.tokens.revoke({ token: doomed.id });
    const given = { missing: undefined, unknown: "wst_x", revoked: doomed.token, expired };
    const told = Object.entries(given).map(async ([reason, token], index) => {
      const headers = { ...json, ...(token === undefined ? {} : bearer(token)) };
      const { text } = await agent.ask("/rpc/info", {
        method: "POST",
        headers,
        body: "{}",
        from: `127.3.1.${index + 1}`,
      });
      expect(JSON.parse(text)).toMatchObject({ json: { data: { code: "unauthorized", details: { reason } } } });
    });
    await Promise.all(told);
  });

  test("the local socket needs no token, and is not for browsers", async () => {
    expect((await agent.ask("/rpc/info", { method: "POST", unix: true })).status).toBe(200);
    for (const headers of [
      { origin: "http://127.0.0.1" },
      { "sec-fetch-site": "none" },
      { "sec-fetch-mode": "cors" },
    ]) {
      expect((await agent.ask("/rpc/info", { method: "POST", unix: true, headers })).status).toBe(403);
    }
  });

  test("only health, the static app, the reference page, the exchange and pairing are open", async () => {
    expect(JSON.parse((await agent.ask("/health")).text)).toMatchObject({ status: "ok", version: "0.1.0" });
    expect((await agent.ask("/")).status).toBe(200);
    const page = (await agent.ask("/api")).text;
    expect(page).toContain("/api/workspaces");
    expect(page).toContain(`${agent.agent.url}/api/spec.json`);
    const exchange = await agent.ask("/rpc/auth/exchange", {
      method: "POST",
      headers: json,
      body: '{"json":{"code":"wrong"}}',
      from: "127.3.0.1",
    });
    const begin = { method: "POST", headers: json, body: '{"json":{"nonce":"AAAAAAAAAAAAAAAAAAAAAA"}}' };
    const pairing = await agent.ask("/rpc/pairing/begin", { ...begin, from: "127.3.0.1" });
    // What was asked above may have opened one.
    expect([200, 403]).toContain(pairing.status);
    expect(JSON.parse(exchange.text)).toMatchObject({ json: { code: "UNAUTHORIZED", data: { code: "unauthorized" } } });
  });
});
