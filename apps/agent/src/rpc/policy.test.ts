import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;

beforeAll(async () => {
  agent = await startTestAgent();
  await agent.local.workspaces.create({ name: "shop", clone: "https://git.test/acme/shop" });
});
afterAll(() => agent[Symbol.asyncDispose]());

test("rules are set, seen beside those of the repository, taken back, and written down", async () => {
  const { policy, audit } = agent.local;
  await policy.repositories.update({ repository: "git@git.test:acme/shop.git", set: { push: false } });
  const changed = await policy.update({ name: "shop", set: { allowedPaths: ["src/"], readOnly: true } });
  expect(changed).toEqual({
    rules: { allowedPaths: ["src"], readOnly: true },
    layers: [
      { of: "repository", name: "git.test/acme/shop", rules: { push: false } },
      { of: "workspace", name: "shop", rules: { allowedPaths: ["src"], readOnly: true } },
    ],
  });
  expect(await policy.update({ name: "shop", unset: ["readOnly"] })).toMatchObject({
    rules: { allowedPaths: ["src"] },
  });
  expect(await policy.get({ name: "shop" })).toMatchObject({ rules: { allowedPaths: ["src"] } });
  expect(await policy.repositories.list()).toEqual([{ repository: "git.test/acme/shop", rules: { push: false } }]);
  const rows = (await audit.list()).map(({ action, target }) => `${action} ${target}`);
  expect(rows).toContain("policy.update shop");
  expect(rows).toContain("policy.repositories.update git@git.test:acme/shop.git");
  expect(rows.join()).not.toContain("policy.get");
});

test("over plain HTTP too", async () => {
  const { token } = await agent.local.tokens.create({ name: "http", scope: "admin" });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const body = JSON.stringify({ set: { commit: false } });
  const answer = await agent.ask("/api/workspaces/shop/policy", { method: "PATCH", headers, body });
  expect([answer.status, JSON.parse(answer.text)]).toEqual([
    200,
    expect.objectContaining({ rules: expect.objectContaining({ commit: false }) as object }),
  ]);
});

test("an unknown rule and one that can be none are refused, naming it", async () => {
  const { policy } = agent.local;
  expect(await refusal(policy.update({ name: "shop", set: { readonly: true } as object }))).toBe(
    "BAD_REQUEST invalid_input",
  );
  expect(await refusal(policy.update({ name: "shop", unset: ["nope"] }))).toBe("BAD_REQUEST invalid_input");
  expect(await refusal(policy.update({ name: "shop", set: { hiddenPaths: ["../x"] } }))).toBe(
    "BAD_REQUEST invalid_input",
  );
  expect(await refusal(policy.repositories.update({ repository: "-x", set: {} }))).toBe(
    "BAD_REQUEST invalid_clone_url",
  );
});

test("whoever is inside sees what it may do and gives itself nothing", async () => {
  const inside = agent.remote((await agent.local.tokens.create({ name: "inside", scope: "workspace:shop" })).token);
  const writer = agent.remote((await agent.local.tokens.create({ name: "writer", scope: "write" })).token);
  expect(await inside.policy.get({ name: "shop" })).toMatchObject({ rules: {} });
  for (const client of [inside, writer]) {
    expect(await refusal(client.policy.update({ name: "shop", unset: ["allowedPaths"] }))).toBe("FORBIDDEN forbidden");
    expect(await refusal(client.policy.repositories.update({ repository: "https://git.test/acme/shop" }))).toBe(
      "FORBIDDEN forbidden",
    );
  }
});
