import { expect, test } from "vitest";
import { createHarness } from "./testing/harness.ts";

const URL = "https://forge.test/acme/next.js.git";

async function opened(h: ReturnType<typeof createHarness>) {
  h.credentials.add("forge.test", "one");
  const { id } = await h.workspaces.create({ name: "demo", clone: URL });
  h.git.leave(id, { head: "c2", unpushed: 1 });
  await h.workspaces.finalize("demo", { push: true, pullRequest: { title: "Add login" } });
  const held = h.forge.add("acme/next.js");
  const branch = held.pullRequests[0]?.sourceBranch ?? "";
  return { id, held, branch };
}

test("a pull request is told as its forge has it now, with its checks, and written down", async () => {
  await using h = createHarness();
  expect(await h.workspaces.create({ name: "bare" }).then(() => h.workspaces.pullRequest("bare"))).toBeUndefined();
  const { id, held, branch } = await opened(h);
  held.branches.get(branch)?.checks.push({ name: "build", state: "pending" });
  expect(await h.workspaces.pullRequest("demo")).toMatchObject({
    pullRequest: { state: "open", title: "Add login" },
    checks: { state: "pending", checks: [{ name: "build", state: "pending" }] },
  });
  Object.assign(held.pullRequests[0] ?? {}, { title: "Add two logins", state: "merged" });
  await h.workspaces.pullRequest("demo");
  expect(h.store.get(id)).toMatchObject({
    pullRequest: { state: "merged", title: "Add two logins" },
    checks: { state: "pending", failed: [] },
  });
});

test("what is kept of checks are names that a terminal may show, and the instant since when it is so", async () => {
  await using h = createHarness();
  const { id, held, branch } = await opened(h);
  held.branches.get(branch)?.checks.push({ name: `lint\u001b[2J${"x".repeat(200)}`, state: "failure" });
  await h.workspaces.pullRequest("demo");
  const before = h.store.get(id);
  expect(before?.checks?.failed[0]).toMatch(/^lint\uFFFD\[2Jx{72}$/);
  h.clock.advance(1_000);
  await h.workspaces.pullRequest("demo");
  expect(h.store.get(id)).toBe(before);
});

test("checks that were seen of one pull request are not those of the next", async () => {
  await using h = createHarness();
  const { id, held, branch } = await opened(h);
  held.branches.get(branch)?.checks.push({ name: "build", state: "failure" });
  await h.workspaces.pullRequest("demo");
  Object.assign(held.pullRequests[0] ?? {}, { state: "closed" });
  await h.workspaces.finalize("demo", { push: true, pullRequest: { title: "Once more" } });
  expect(h.store.get(id)?.pullRequest?.title).toBe("Once more");
  expect(h.store.get(id)?.checks).toBeUndefined();
});

test("of a branch that was deleted there are no checks, and that is no error", async () => {
  await using h = createHarness();
  const { held, branch } = await opened(h);
  held.branches.delete(branch);
  expect(await h.workspaces.pullRequest("demo")).toMatchObject({ checks: { state: "none", checks: [] } });
});
