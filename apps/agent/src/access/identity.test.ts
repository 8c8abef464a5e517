import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bearer, json } from "../testing/headers.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { audited } from "../testing/audited.ts";

let agent: TestAgent;
let good: string;

beforeAll(async () => {
  agent = await startTestAgent();
  good = (await agent.local.tokens.create({ name: "good", scope: "admin" })).token;
});
afterAll(() => agent[Symbol.asyncDispose]());

/** What proxies add for those behind them, as anybody can. */
const forged = {
  "tailscale-user-login": "owner@x.test",
  "tailscale-user-name": "Owner",
  "x-forwarded-user": "owner@x.test",
  "x-forwarded-for": "127.0.0.1",
  "x-real-ip": "127.0.0.1",
  forwarded: "for=127.0.0.1",
};

test("without a token, no proxy's headers give an identity (Tailscale-User-Login taken at its word)", async () => {
  expect((await agent.ask("/rpc/info", { headers: forged })).status).toBe(401);
  expect((await agent.ask("/rpc/info", { method: "POST", headers: forged })).status).toBe(401);
});

describe("beside a good token a proxy's headers mean nothing either (row 12, Tailscale-User-Login taken at its word)", () => {
  test("the token's scope stays what it is, and so does its name in the audit", async () => {
    const { token, id } = await agent.local.tokens.create({ name: "modest", scope: "write" });
    const post = (path: string, body: object) =>
      agent.ask(path, {
        method: "POST",
        headers: { ...json, ...forged, ...bearer(token) },
        body: JSON.stringify({ json: body }),
      });
    expect((await post("/rpc/info", {})).status).toBe(200);
    expect((await post("/rpc/tokens/create", { name: "more", scope: "admin" })).status).toBe(403);
    expect((await post("/rpc/workspaces/create", { name: "behind-a-proxy" })).status).toBe(200);
    const entry = (await audited(agent.local)).find(({ target }) => target === "behind-a-proxy");
    expect(entry?.who).toBe(`modest (${id})`);
  });

  test("whoever guesses is counted by his own address, not by the one he names", async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const named = { "x-forwarded-for": `10.0.0.${attempt}`, "x-real-ip": `10.0.0.${attempt}` };
      const headers = { ...forged, ...named, ...bearer(randomBytes(32).toString("base64url")) };
      statuses.push((await agent.ask("/rpc/info", { method: "POST", headers, from: "127.9.9.12" })).status);
    }
    expect(statuses.at(-1)).toBe(429);
    const innocent = { method: "POST", headers: { ...forged, ...bearer(good) }, from: "127.9.9.13" };
    expect((await agent.ask("/rpc/info", innocent)).status).toBe(200);
  });
});

describe("wrong tokens (code-server's brute force)", () => {
  test("of 1,000 from one address all from the twentieth on are told to wait; another's good token still works", async () => {
    const from = "127.9.9.9";
    const guess = async (): Promise<number> => {
      const headers = bearer(randomBytes(32).toString("base64url"));
      return (await agent.ask("/rpc/info", { method: "POST", headers, from })).status;
    };
    const statuses: number[] = [];
    const begun = performance.now();
    for (let attempt = 0; attempt < 20; attempt += 1) statuses.push(await guess());
    while (statuses.length < 1_000) statuses.push(...(await Promise.all(Array.from({ length: 20 }, guess))));
    expect(statuses.slice(0, 5)).toEqual([401, 401, 401, 401, 401]);
    // A machine that is busy takes so long that one is forgiven now and then.
    const forgiven = Math.floor((performance.now() - begun) / 30_000);
    const late = statuses.slice(19).filter((status) => status !== 429);
    expect(late).toEqual(Array.from({ length: Math.min(late.length, forgiven) }, () => 401));
    expect(statuses).toHaveLength(1_000);
    const throttled = await agent.ask("/rpc/info", { method: "POST", headers: bearer("x"), from });
    expect(Number(throttled.headers["retry-after"])).toBeGreaterThan(0);
    const other = { method: "POST", headers: bearer(good), from: "127.9.9.10" };
    expect((await agent.ask("/rpc/info", other)).status).toBe(200);
  });

  test("one that was signed in before from that address goes on working", async () => {
    const from = "127.9.9.11";
    const ask = { method: "POST", headers: bearer(good), from };
    expect((await agent.ask("/rpc/info", ask)).status).toBe(200);
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await agent.ask("/rpc/info", { method: "POST", headers: bearer(`x${attempt}`), from });
    }
    expect((await agent.ask("/rpc/info", ask)).status).toBe(200);
  });
});
