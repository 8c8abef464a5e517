import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";
import { audited } from "../testing/audited.ts";

let agent: TestAgent;
let token: string;
const asked: string[] = [];

beforeAll(async () => {
  agent = await startTestAgent();
  token = (await agent.local.tokens.create({ name: "admin", scope: "admin" })).token;
  await agent.local.workspaces.create({ name: "kept" });
  // What is used is read all the time, and nothing is made or changed by it.
  agent.adapters.docker.intercept((method) => void (method !== "usage" && asked.push(method)));
});
beforeEach(() => void asked.splice(0));
afterAll(() => agent[Symbol.asyncDispose]());

/** What Docker would take, under the names that it and its tools have for it. */
const WISHES: Record<string, unknown>[] = [
  { Binds: ["/:/host"] },
  { Mounts: [{ Type: "bind", Source: "/", Target: "/host" }] },
  { binds: ["/var/run/docker.sock:/var/run/docker.sock"] },
  { mounts: [{ type: "bind", source: "/", target: "/host" }] },
  { volumes: ["/:/host"] },
  { HostConfig: { Binds: ["/:/host"] } },
  { hostConfig: { mounts: [] } },
  { limits: { Binds: ["/:/host"] } },
  { devices: ["/dev/sda"] },
  { volumesFrom: ["other"] },
  { runArgs: ["--privileged"] },
  { privileged: true },
  { capAdd: ["SYS_ADMIN"] },
  { network: "host" },
];

describe.each(WISHES)("a request for the host: %j (CVE-2026-6406: Mounts were forgotten beside Binds)", (wish) => {
  test.each([
    ["create", "/rpc/workspaces/create", { json: { name: "wish", ...wish } }],
    ["create", "/api/workspaces", { name: "wish", ...wish }],
    ["start", "/rpc/workspaces/start", { json: { name: "kept", ...wish } }],
    ["start", "/api/workspaces/kept/start", wish],
  ] as const)("%s on %s is refused, and nothing is made or changed", async (action, path, body) => {
    const before = await agent.local.workspaces.list();
    const answer = await agent.ask(path, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('"invalid_input"');
    expect(answer.text).toContain("page /api says what this call takes");
    expect(await agent.local.workspaces.list()).toEqual(before);
    expect(asked).toEqual([]);
    expect(await audited(agent.local, 1)).toMatchObject([{ action: `workspaces.${action}`, outcome: "invalid_input" }]);
  });
});

test.each([
  ["/rpc/workspaces/create", { json: { name: "wish", privileged: true } }],
  ["/api/workspaces", { name: "wish", privileged: true }],
] as const)(
  "%s with a wish behind 2 MB of padding is refused as it is without, and asks the engine nothing (CVE-2024-41110, CVE-2026-34040: an oversized body passed the policy)",
  async (path, body) => {
    const create = (text: string) =>
      agent.ask(path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: text,
      });
    const small = JSON.stringify(body);
    expect((await create(small)).status).toBe(400);
    // Before and after what is asked for: whoever looks at a beginning alone sees nothing of it.
    for (const large of [" ".repeat(2_000_000) + small, small + " ".repeat(2_000_000)]) {
      const answer = await create(large);
      expect([answer.status, answer.text]).toEqual([413, expect.stringContaining("body_too_large")]);
    }
    expect(asked).toEqual([]);
  },
);
