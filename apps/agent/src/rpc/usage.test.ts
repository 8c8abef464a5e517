import type { UsageEvent } from "@ws/rpc-contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "../testing/refusal.ts";
import { startTestAgent, type TestAgent } from "../testing/test-agent.ts";

let agent: TestAgent;
const ids: string[] = [];

beforeAll(async () => {
  agent = await startTestAgent();
  for (const name of ["demo", "other"]) ids.push((await agent.local.workspaces.create({ name })).id);
});
afterAll(() => agent[Symbol.asyncDispose]());

async function first(opening: Promise<AsyncIteratorObject<UsageEvent>>): Promise<UsageEvent | undefined> {
  for await (const event of await opening) return event;
  return undefined;
}

test("whoever may read is told what all that run use, or one that is named", async () => {
  const reader = await agent.scoped("read");
  const all = await first(reader.workspaces.usage());
  expect(all?.usages.map(({ id }) => id)).toEqual(ids);
  expect(all?.usages[0]).toEqual({
    id: ids[0],
    memoryBytes: 1_048_576,
    processes: 1,
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  const one = await first(reader.workspaces.usage({ name: "other" }));
  expect(one?.usages.map(({ id }) => id)).toEqual([ids[1]]);
  expect(await refusal(reader.workspaces.usage({ name: "nothing" }))).toBe("NOT_FOUND workspace_not_found");
});

test("a token for one workspace is told of that one, also after it has another name, and of no other", async () => {
  const inside = await agent.scoped("workspace:demo");
  for (const input of [undefined, { name: "demo" }]) {
    expect((await first(inside.workspaces.usage(input)))?.usages.map(({ id }) => id)).toEqual([ids[0]]);
  }
  expect(await refusal(inside.workspaces.usage({ name: "other" }))).toBe("FORBIDDEN forbidden");
  await agent.local.workspaces.rename({ name: "demo", newName: "renamed" });
  expect((await first(inside.workspaces.usage()))?.usages.map(({ id }) => id)).toEqual([ids[0]]);
});

test("what one used is told to whoever may read it, and to itself, with the limit that it has now", async () => {
  const reader = await agent.scoped("read");
  await agent.local.workspaces.create({ name: "limited", limits: { memoryBytes: 2 ** 30 } });
  const history = await reader.workspaces.usageHistory({ name: "limited", span: "hour" });
  expect(history).toMatchObject({ everySeconds: 10, gapSeconds: 25, memoryLimitBytes: 2 ** 30 });
  expect(await reader.workspaces.usageHistory({ name: "other", span: "day" })).toMatchObject({
    everySeconds: 300,
    gapSeconds: 750,
  });
  const inside = await agent.scoped("workspace:limited");
  await inside.workspaces.usageHistory({ name: "limited", span: "hour" });
  expect(await refusal(inside.workspaces.usageHistory({ name: "other", span: "hour" }))).toBe("FORBIDDEN forbidden");
  expect(await refusal(reader.workspaces.usageHistory({ name: "nothing", span: "day" }))).toBe(
    "NOT_FOUND workspace_not_found",
  );
});
