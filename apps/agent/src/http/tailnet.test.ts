import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audited } from "../testing/audited.ts";
import { everyRoute } from "../testing/every-route.ts";
import { bearer, json } from "../testing/headers.ts";
import { startTailscaled, type Tailscaled } from "../testing/tailscaled.ts";
import { startTestAgent, type Ask, type TestAgent } from "../testing/test-agent.ts";

/** Addresses of this machine that stand for those of a tailnet. */
const DESK = "127.0.0.21";
const LAPTOP = "127.0.0.22";
const NOBODY = "127.0.0.23";
const tailnet = { authorization: "Tailnet" };
/** What proxies add for those behind them, as anybody can. */
const forged = { "tailscale-user-login": "ada@x.test", "x-forwarded-for": LAPTOP, "x-real-ip": LAPTOP };

let daemon: Tailscaled;
let agent: TestAgent;

beforeAll(async () => {
  daemon = await startTailscaled({ id: "nDESK", addresses: [DESK], name: "desk" }, "ada@x.test");
  daemon.nodes.set(LAPTOP, { id: "nLAP", name: "laptop", login: "ada@x.test" });
  agent = await startTestAgent({ env: { WS_TAILNET_SOCKET: daemon.socket } });
});
afterAll(async () => {
  await agent[Symbol.asyncDispose]();
  await daemon[Symbol.asyncDispose]();
});

function call(headers: Record<string, string>, more: Ask = {}): Promise<{ status: number; text: string }> {
  return agent.ask("/rpc/info", { method: "POST", headers, to: DESK, from: LAPTOP, ...more });
}

describe("who comes over the tailnet", () => {
  test("is let in without a token where the daemon says that it is a machine of the owner, and the audit says whose", async () => {
    expect((await call(tailnet)).status).toBe(200);
    const made = await call({ ...json, ...tailnet }, { body: '{"json":{"name":"over-the-tailnet"}}' });
    expect(made.status).toBe(200);
    const who = await agent.ask("/rpc/auth/whoami", { method: "POST", headers: tailnet, to: DESK, from: LAPTOP });
    expect(JSON.parse(who.text)).toEqual({ json: { who: "ada@x.test (laptop, tailnet)", scope: "admin" } });
    const created = { headers: { ...json, ...tailnet }, body: '{"json":{"name":"over-the-tailnet"}}' };
    await agent.ask("/rpc/workspaces/create", { method: "POST", to: DESK, from: LAPTOP, ...created });
    const entry = (await audited(agent.local)).find(({ target }) => target === "over-the-tailnet");
    expect(entry?.who).toBe("ada@x.test (laptop, tailnet)");
  });

  test("needs a token as everybody does who does not rely on it, is unknown, or comes to another address", async () => {
    expect((await call({})).status).toBe(401);
    expect((await call(tailnet, { from: NOBODY })).status).toBe(401);
    expect((await call(tailnet, { from: DESK })).status).toBe(401);
    expect((await call(tailnet, { to: "127.0.0.1" })).status).toBe(401);
    expect((await call({ authorization: "Tailnet ada@x.test" })).status).toBe(401);
  });

  test("is nobody for what proxies' headers say (row 12, Tailscale-User-Login taken at its word)", async () => {
    expect((await call(forged)).status).toBe(401);
    expect((await call({ ...forged, ...tailnet }, { from: NOBODY })).status).toBe(401);
    expect((await call({ ...forged, ...tailnet }, { to: "127.0.0.1" })).status).toBe(401);
  });

  test.each(["forwarded", "via", "x-forwarded-for", "x-forwarded-proto", "x-real-ip"])(
    "is not whoever sends it on for somebody else, as '%s' says",
    async (header) => {
      expect((await call({ ...tailnet, [header]: "x" })).status).toBe(401);
    },
  );

  test("is judged by a token that is sent, whoever the tailnet says it is", async () => {
    const { token } = await agent.local.tokens.create({ name: "modest", scope: "read" });
    const headers = { ...json, ...bearer(token) };
    const create = { method: "POST", headers, body: '{"json":{"name":"more"}}', to: DESK, from: LAPTOP };
    expect((await agent.ask("/rpc/workspaces/create", create)).status).toBe(403);
    expect((await call(bearer("wst_wrong"))).status).toBe(401);
  });

  test("may do what the settings say, and is let in if they name it", async () => {
    const { settings } = agent.local.config;
    await settings.set({ key: "tailnet.scope", value: "read" });
    const create = { method: "POST", headers: { ...json, ...tailnet }, body: '{"json":{"name":"more"}}', to: DESK };
    expect((await agent.ask("/rpc/workspaces/create", { ...create, from: LAPTOP })).status).toBe(403);
    await settings.unset({ key: "tailnet.scope" });
    await settings.set({ key: "tailnet.users", value: "bob@x.test" });
    expect((await call(tailnet)).status).toBe(401);
    await settings.unset({ key: "tailnet.users" });
    expect((await call(tailnet)).status).toBe(200);
  });

  test.each(["garbage", "error"] as const)(
    "is nobody while the daemon answers with %s, and a token is good as ever",
    async (broken) => {
      const { token } = await agent.local.tokens.create({ name: "good", scope: "read" });
      daemon.broken = broken;
      expect((await call(tailnet)).status).toBe(401);
      expect((await call(bearer(token))).status).toBe(200);
      daemon.broken = undefined;
      expect((await call(tailnet)).status).toBe(200);
    },
  );

  test("reaches the worker by its name there, and doctor says who is let in", async () => {
    for (const host of ["desk", "desk.tail1234.ts.net", "DESK:7391"]) {
      expect((await call({ ...tailnet, host })).status).toBe(200);
    }
    const { message } = (await agent.local.doctor()).find(({ id }) => id === "listening") ?? {};
    expect(message).toBe(`${DESK}:${agent.agent.port} on the tailnet lets in ada@x.test (admin), and who has a token.`);
  });
});

describe("a machine of the tailnet as a device", () => {
  const BOX = "127.0.0.24";

  test("is listed once it came, has a name of its own, and is let in no more once it is revoked", async () => {
    daemon.nodes.set(BOX, { id: "nBOX", name: "laptop", login: "ada@x.test" });
    expect((await call(tailnet)).status).toBe(200);
    expect((await call(tailnet, { from: BOX })).status).toBe(200);
    const listed = (await agent.local.devices.list()).filter(({ kind }) => kind === "tailnet");
    expect(listed).toMatchObject([
      { id: "tailnet-nLAP", name: "laptop", platform: "ada@x.test", own: false },
      { id: "tailnet-nBOX", name: "laptop-2", platform: "ada@x.test", own: false },
    ]);
    const own = await agent.ask("/rpc/devices/list", { method: "POST", headers: tailnet, to: DESK, from: BOX });
    const { json: seen } = JSON.parse(own.text) as { json: { id: string; own: boolean }[] };
    expect(seen.filter((one) => one.own).map(({ id }) => id)).toEqual(["tailnet-nBOX"]);
    await agent.local.devices.rename({ device: "laptop-2", newName: "box" });
    await expect(agent.local.devices.rename({ device: "box", newName: "laptop" })).rejects.toMatchObject({
      data: { code: "name_taken" },
    });
    await expect(agent.local.devices.setKey({ device: "box" })).rejects.toMatchObject({
      data: { code: "invalid_input" },
    });
    expect(await agent.local.devices.revoke({ device: "box" })).toMatchObject({ id: "tailnet-nBOX", name: "box" });
    expect((await call(tailnet, { from: BOX })).status).toBe(401);
    expect((await call(tailnet)).status).toBe(200);
    expect((await agent.local.devices.list()).map(({ id }) => id)).not.toContain("tailnet-nBOX");
  });

  test("takes the browsers along that were signed in because of it, and the links it made, once it is revoked", async () => {
    daemon.nodes.set(BOX, { id: "nTWIN", name: "twin", login: "ada@x.test" });
    const post = async (path: string, headers: Record<string, string>, body = "{}"): Promise<string> =>
      (await agent.ask(path, { method: "POST", headers: { ...json, ...headers }, body, to: DESK, from: BOX })).text;
    const code = async (): Promise<string> => /#code=([\w-]+)/.exec(await post("/rpc/auth/link", tailnet))?.[1] ?? "";
    const exchange = async (one: string): Promise<string> =>
      /"token":"(wst_[\w-]+)"/.exec(await post("/rpc/auth/exchange", {}, `{"json":{"code":"${one}"}}`))?.[1] ?? "none";
    const token = await exchange(await code());
    const unused = await code();
    expect((await call(bearer(token))).status).toBe(200);
    await agent.local.devices.revoke({ device: "twin" });
    expect((await call(bearer(token))).status).toBe(401);
    expect(await exchange(unused)).toBe("none");
  });
});

test("a preview that a machine of the tailnet opened ends with it, though the connection that asked for it has long gone", async () => {
  const from = "127.0.0.25";
  daemon.nodes.set(from, { id: "nPAD", name: "pad", login: "ada@x.test" });
  await agent.local.workspaces.create({ name: "shown" });
  await agent.local.config.settings.set({ key: "previews.domain", value: "previews.test" });
  const asked = { method: "POST", headers: { ...json, ...tailnet }, body: '{"port":3000}', to: DESK, from };
  const opened = await agent.ask("/api/workspaces/shown/preview", asked);
  const { host, hash } = new URL((JSON.parse(opened.text) as { url: string }).url);
  const body = JSON.stringify({ code: hash.slice("#code=".length) });
  const entered = await agent.ask("/.ws/enter", { method: "POST", headers: { ...json, host }, body });
  const cookie = String(entered.headers["set-cookie"]).split(";")[0] ?? "";
  const look = async (): Promise<number> => (await agent.ask("/", { headers: { host, cookie } })).status;
  // A Box in memory connects to nothing.
  expect(await look()).toBe(502);
  await agent.local.devices.revoke({ device: "pad" });
  expect(await look()).toBe(401);
  await agent.local.config.settings.unset({ key: "previews.domain" });
});

describe("a page of another site in the browser of somebody on the tailnet", () => {
  const closed = everyRoute().filter(({ open }) => !open);

  test.each(closed)("$title", async ({ title, path, ask }) => {
    const from = async (headers: Record<string, string>): Promise<number> =>
      (
        await agent.ask(path, {
          ...ask,
          headers: { ...ask.headers, ...headers },
          to: DESK,
          from: LAPTOP,
          statusOnly: true,
        })
      ).status;
    // It can have the browser send no such header without being asked first, and the question is not answered for it.
    expect(await from({})).toBe(title.startsWith("WebSocket") ? 101 : 401);
    expect(await from({ ...tailnet, origin: "https://evil.test" })).toBe(403);
    expect(await from({ ...tailnet, "sec-fetch-site": "cross-site" })).toBe(403);
    expect(await from({ ...tailnet, host: "evil.test" })).toBe(421);
    expect(await from(tailnet)).not.toBe(401);
  });

  test("is not told that it may send the header", async () => {
    const asked = { origin: "https://evil.test", "access-control-request-headers": "authorization" };
    const answer = await agent.ask("/rpc/info", { method: "OPTIONS", headers: asked, to: DESK, from: LAPTOP });
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).join()).not.toMatch(/access-control/);
  });
});
