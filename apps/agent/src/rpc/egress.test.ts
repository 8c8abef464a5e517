import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;

beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "closed", profile: "agent" });
  await agent.local.workspaces.create({ name: "open" });
});
afterAll(() => agent[Symbol.asyncDispose]());

const hosts = ({ allowed }: { allowed: { host: string }[] }): string[] => allowed.map(({ host }) => host);

test("What a workspace may reach is seen, allowed, denied and written down", async () => {
  const { egress, audit } = agent.local;
  const before = await egress.get({ name: "closed" });
  expect(before.network).toBe("listed");
  expect(hosts(before)).toEqual(expect.arrayContaining(["registry.npmjs.org", "api.anthropic.com"]));
  expect(hosts(before)).not.toContain("github.com");
  const allowed = await egress.allow({ name: "closed", rule: "Nas.Home:5000/private" });
  expect(allowed.allowed).toContainEqual({ host: "nas.home", port: 5_000, private: true, of: "workspace" });
  const denied = await egress.deny({ name: "closed", host: "pypi.org" });
  expect(denied.denied).toEqual([{ host: "pypi.org", of: "workspace" }]);
  expect(hosts(await egress.deny({ name: "closed", host: "nas.home" }))).not.toContain("nas.home");
  const rows = await audit.list();
  expect(rows).toContainEqual(
    expect.objectContaining({
      action: "egress.allow",
      target: "closed",
      outcome: "ok",
      details: { rule: "Nas.Home:5000/private" },
    }),
  );
  expect(rows).toContainEqual(expect.objectContaining({ action: "egress.deny", details: { host: "pypi.org" } }));
});

test("What is allowed everywhere is a setting of the worker, and holds for every workspace", async () => {
  const { egress, config, workspaces } = agent.local;
  await workspaces.create({ name: "other", profile: "agent" });
  await egress.allow({ name: "open", rule: "*.example.com", everywhere: true });
  expect(hosts(await egress.get({ name: "other" }))).toContain("*.example.com");
  const settings = await config.settings.list();
  expect(settings.find(({ key }) => key === "egress.allow")?.value).toEqual(["*.example.com"]);
  await egress.deny({ name: "open", host: "*.example.com", everywhere: true });
  await egress.deny({ name: "open", host: "openrouter.ai", everywhere: true });
  expect(await egress.get({ name: "other" })).toMatchObject({ denied: [{ host: "openrouter.ai", of: "worker" }] });
  expect(await refusal(egress.allow({ name: "other", rule: "openrouter.ai" }))).toBe("BAD_REQUEST invalid_input");
  expect(await egress.presets()).toContainEqual(expect.objectContaining({ name: "git", enabled: false }));
});

test("An unfit rule, an open network and an unknown workspace are refused", async () => {
  const { egress, config } = agent.local;
  expect(await refusal(egress.allow({ name: "closed", rule: "*" }))).toBe("BAD_REQUEST invalid_input");
  expect(await refusal(egress.allow({ name: "closed", rule: "*.com", everywhere: true }))).toBe(
    "BAD_REQUEST invalid_input",
  );
  expect(await refusal(egress.allow({ name: "open", rule: "x.test" }))).toBe("BAD_REQUEST invalid_input");
  for (const rule of ["127.0.0.1:7391", "localhost/private", "169.254.169.254:80"]) {
    expect(await refusal(egress.allow({ name: "closed", rule }))).toBe("BAD_REQUEST invalid_input");
    expect(await refusal(egress.allow({ name: "closed", rule, everywhere: true }))).toBe("BAD_REQUEST invalid_input");
    expect(await refusal(config.settings.set({ key: "egress.allow", value: [rule] }))).toBe(
      "BAD_REQUEST invalid_input",
    );
  }
  expect(await refusal(egress.get({ name: "nobody" }))).toBe("NOT_FOUND workspace_not_found");
  expect(await egress.get({ name: "open" })).toEqual({ network: "open", allowed: [], denied: [] });
  expect(await refusal(config.settings.set({ key: "egress.allow", value: ["127.1"] }))).toBe(
    "BAD_REQUEST invalid_input",
  );
  expect(await refusal(config.settings.set({ key: "egress.presets", value: ["all"] }))).toBe(
    "BAD_REQUEST invalid_input",
  );
});

test("Whoever is inside sees where it may go and can allow itself nothing (row 23; the lethal trifecta)", async () => {
  const inside = agent.remote((await agent.local.tokens.create({ name: "inside", scope: "workspace:closed" })).token);
  const writer = agent.remote((await agent.local.tokens.create({ name: "writer", scope: "write" })).token);
  expect(await inside.egress.get({ name: "closed" })).toMatchObject({ network: "listed" });
  expect(await inside.egress.refusals({ name: "closed" })).toEqual([]);
  expect(await refusal(inside.egress.get({ name: "other" }))).toBe("FORBIDDEN forbidden");
  for (const client of [inside, writer]) {
    expect(await refusal(client.egress.allow({ name: "closed", rule: "evil.test" }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(client.egress.deny({ name: "closed", host: "pypi.org" }))).toBe("FORBIDDEN forbidden");
  }
});

test("What a variable says of the whole worker is not changed beside it", async () => {
  await using bound = await startTestAgent({ env: { WS_EGRESS_ALLOW: "mirror.test" } });
  const { local } = bound;
  await local.workspaces.create({ name: "closed", profile: "agent" });
  expect(hosts(await local.egress.get({ name: "closed" }))).toContain("mirror.test");
  const asked = local.egress.allow({ name: "closed", rule: "x.test", everywhere: true });
  await expect(asked).rejects.toThrow(/WS_EGRESS_ALLOW/);
});
