import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyRoute } from "../testing/every-route.ts";
import { bearer, json } from "../testing/headers.ts";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type Ask, type TestAgent } from "../testing/test-agent.ts";

const HOST = "3000--alpha.localhost";

let agent: TestAgent;
let good: string;

beforeAll(async () => {
  agent = await startTestAgent();
  good = (await agent.local.tokens.create({ name: "good", scope: "admin" })).token;
  for (const name of ["alpha", "beta"]) await agent.local.workspaces.create({ name });
});
afterAll(() => agent[Symbol.asyncDispose]());

/** As the page of the link does it: the Cookie header that it is given. */
async function enter(url: string): Promise<string> {
  const { host, hash } = new URL(url);
  const body = JSON.stringify({ code: new URLSearchParams(hash.slice(1)).get("code") });
  const answer = await agent.ask("/.ws/enter", { method: "POST", headers: { ...json, host }, body });
  expect(answer.status).toBe(204);
  return String(answer.headers["set-cookie"]).split(";")[0] ?? "";
}

describe("the host of a preview reaches nothing of the agent's, whoever asks (row 5)", () => {
  const paths = ["/", "/health", "/assets/x.js"].map((path) => ({ title: path, path, ask: {} as Ask }));

  test.each([...everyRoute(), ...paths])("$title", async ({ path, ask }) => {
    const length = ask.body === undefined ? {} : { "content-length": String(ask.body.length) };
    const headers = { ...ask.headers, ...length, ...bearer(good), host: HOST };
    const answer = await agent.ask(path, { ...ask, headers });
    expect(answer.status).toBe(401);
    if (ask.method !== "HEAD" && !("upgrade" in headers)) expect(answer.text).toContain("ws open alpha 3000");
  });

  test.each([
    ["3000--ALPHA.localhost.:7391", 401],
    ["3000--nowhere.localhost", 401],
    ["0--alpha.localhost", 404],
    ["3000--al_pha.localhost", 404],
  ])("spelled %s", async (host, status) => {
    const asked = { method: "POST", headers: { ...json, ...bearer(good), host }, body: "{}" };
    expect((await agent.ask("/rpc/info", asked)).status).toBe(status);
  });

  test("the local socket knows none", async () => {
    const answer = await agent.ask("/rpc/info", {
      method: "POST",
      unix: true,
      headers: { ...json, host: HOST },
      body: "{}",
    });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("not the address of a preview");
  });
});

test("a name that only looks like one is refused as every foreign name (DNS rebinding)", async () => {
  for (const host of ["3000--alpha.evil.test", "3000--alpha.localhost.evil.test", "3000--alpha.127.0.0.1"]) {
    for (const path of ["/", "/rpc/info", "/.ws/enter"]) {
      expect((await agent.ask(path, { headers: { host, ...bearer(good) } })).status).toBe(421);
    }
  }
});

test("the page of a preview gets nothing from the agent, with the token of whoever looks at it or without", async () => {
  const origin = `http://${HOST}:${agent.agent.port}`;
  for (const headers of [json, { ...json, ...bearer(good) }]) {
    const asked = { method: "POST", headers: { ...headers, origin, "sec-fetch-site": "same-site" }, body: "{}" };
    const answer = await agent.ask("/rpc/info", asked);
    expect(answer.status).toBe(403);
    expect(Object.keys(answer.headers).join()).not.toMatch(/access-control/);
  }
});

describe("opening one", () => {
  test("needs the right to write in that very workspace", async () => {
    const open = { name: "alpha", port: 3000 };
    expect(await refusal((await agent.scoped("read")).previews.open(open))).toBe("FORBIDDEN forbidden");
    expect(await refusal((await agent.scoped("workspace:beta")).previews.open(open))).toBe("FORBIDDEN forbidden");
    expect((await (await agent.scoped("workspace:alpha")).previews.open(open)).url).toMatch(
      new RegExp(`^http://${HOST}:${agent.agent.port}/.ws/enter#code=[\\w-]{32}$`),
    );
    expect(await refusal(agent.local.previews.open({ name: "nowhere", port: 3000 }))).toBe(
      "NOT_FOUND workspace_not_found",
    );
    const limited = await agent.local.tokens.create({ name: "limited", scope: "write", commands: ["make"] });
    expect(await refusal(agent.remote(limited.token).previews.open(open))).toBe("FORBIDDEN command_not_allowed");
  });

  test("is for whoever reaches the machine by its own names, until there is a domain that leads others to it", async () => {
    await agent.local.config.settings.set({ key: "allowedHosts", value: "desk.test" });
    const ask = async (): Promise<{ status: number; text: string }> =>
      agent.ask("/api/workspaces/alpha/preview", {
        method: "POST",
        headers: { ...json, ...bearer(good), host: "desk.test:7391" },
        body: '{"port":3000}',
      });
    const refused = await ask();
    expect(refused.status).toBe(412);
    expect(JSON.parse(refused.text)).toMatchObject({
      data: { code: "preview_unavailable", next: expect.stringContaining("ws config set previews.domain") },
    });
    await agent.local.config.settings.set({ key: "previews.domain", value: "previews.test" });
    const { url } = JSON.parse((await ask()).text) as { url: string };
    expect(url).toMatch(/^http:\/\/3000--alpha\.previews\.test:7391\/\.ws\/enter#code=/);
    // The name is one of previews from now on, without a place among `allowedHosts`.
    expect(await enter(url)).toMatch(/^ws-preview=/);
    await agent.local.config.settings.unset({ key: "previews.domain" });
    await agent.local.config.settings.unset({ key: "allowedHosts" });
    expect((await agent.ask("/", { headers: { host: "3000--alpha.previews.test" } })).status).toBe(421);
  });

  test("ends with the token that asked for it", async () => {
    const doomed = await agent.local.tokens.create({ name: "doomed", scope: "write" });
    const client = agent.remote(doomed.token);
    const cookie = await enter((await client.previews.open({ name: "alpha", port: 3000 })).url);
    const unused = (await client.previews.open({ name: "alpha", port: 3000 })).url;
    // A Box in memory connects to nothing.
    expect((await agent.ask("/", { headers: { host: HOST, cookie } })).status).toBe(502);
    await agent.local.tokens.revoke({ token: doomed.id });
    expect((await agent.ask("/", { headers: { host: HOST, cookie } })).status).toBe(401);
    const body = JSON.stringify({ code: new URL(unused).hash.slice(6) });
    expect((await agent.ask("/.ws/enter", { method: "POST", headers: { ...json, host: HOST }, body })).status).toBe(
      401,
    );
  });

  test("is written down, by whom and of what, and the code nowhere", async () => {
    const { url } = await agent.remote(good).previews.open({ name: "alpha", port: 4000 });
    const entries = await agent.local.audit.list({ limit: 20 });
    expect(entries).toContainEqual(
      expect.objectContaining({
        action: "previews.open",
        target: "alpha",
        outcome: "ok",
        who: expect.stringContaining("good"),
      }),
    );
    const code = url.split("#code=")[1] ?? "";
    expect(JSON.stringify(entries) + agent.logged.join()).not.toContain(code);
  });
});
