import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { createHarness } from "./testing/harness.ts";
import { created, URL } from "./testing/worked.ts";

test("the end of an execution cleans up its workspaces and no others", async () => {
  await using h = createHarness();
  const one = await created(h, { name: "one", execution: { id: "exec-1", role: "engineer", patternName: "review" } });
  const two = await created(h, { name: "two", execution: { id: "exec-1", role: "reviewer" } });
  await created(h, { name: "other", execution: { id: "exec-2", role: "engineer" } });
  h.git.leave(two.id, { unpushed: 1 });
  expect(
    h.workspaces.executions().map(({ id, patternName, workspaces }) => [id, patternName, workspaces.length]),
  ).toEqual([
    ["exec-1", "review", 2],
    ["exec-2", undefined, 1],
  ]);
  expect(await h.workspaces.endExecution("exec-1", { outcome: "failed" })).toEqual([
    { id: one.id, name: "one", kept: false },
    expect.objectContaining({ name: "two", kept: true }),
  ]);
  expect(h.workspaces.list().map(({ name }) => name)).toEqual(["two", "other"]);
  expect(h.decisions).toContainEqual(expect.objectContaining({ outcome: "kept", reason: "its execution failed" }));
  expect(await h.workspaces.endExecution("exec-1", { outcome: "completed", force: true })).toEqual([
    { id: two.id, name: "two", kept: false },
  ]);
  expect(await h.workspaces.endExecution("exec-1", { outcome: "completed" })).toEqual([]);
  await expect(h.workspaces.endExecution("none", { outcome: "completed" })).rejects.toMatchObject({
    code: "execution_not_found",
  });
});

test("what is left over goes: failed creates, and stopped ones that may; a dry run only tells", async () => {
  await using h = createHarness();
  const { id: mine } = await created(h, { name: "mine" });
  const { id: done } = await created(h, { name: "done", autoCleanup: true });
  const { id: held } = await created(h, { name: "held", autoCleanup: true });
  await created(h, { name: "running", autoCleanup: true });
  h.git.leave(held, { stashes: 1 });
  for (const name of ["mine", "done", "held"]) await h.workspaces.stop(name);
  h.git.failWith(new WsError("clone_failed", { message: "No.", data: { url: URL } }));
  await expect(created(h, { name: "failed" })).rejects.toMatchObject({ code: "clone_failed" });
  const would = await h.workspaces.reap({ dryRun: true });
  expect(would.map(({ name, kept }) => `${name} ${kept}`)).toEqual(["done false", "held true", "failed false"]);
  expect(h.workspaces.list()).toHaveLength(5);
  expect(h.decisions).toEqual([]);
  expect(await h.workspaces.reap()).toEqual(would);
  expect(h.workspaces.list().map(({ id }) => id)).toEqual([mine, held, expect.any(String)]);
  expect(h.store.get(done)?.phase).toBe("cleaned_up");
});

test("at the end of its TTL what may be cleaned up is removed, or stops with what it holds", async () => {
  await using h = createHarness();
  const { id } = await created(h, { ttlMs: 60_000, autoCleanup: true });
  const held = await created(h, { name: "held", ttlMs: 60_000, autoCleanup: true });
  const person = await created(h, { name: "person", ttlMs: 60_000 });
  h.git.leave(held.id, { unpushed: 1 });
  for (let minute = 0; minute < 3; minute++) {
    await h.clock.idle();
    h.clock.advance(30_000);
  }
  await expect.poll(() => h.store.get(person.id)?.power).toBe("stopped");
  expect(h.store.get(id)?.phase).toBe("cleaned_up");
  expect(h.store.get(held.id)).toMatchObject({ phase: "ready", power: "stopped" });
  expect(h.decisions.map(({ action, workspace, outcome }) => `${action} ${workspace.name} ${outcome}`)).toEqual([
    "clean_up demo done",
    "clean_up held kept",
    "stop held done",
    "stop person done",
  ]);
});

test("the branches of an execution are deleted on the remote, but for those with an open pull request", async () => {
  await using h = createHarness();
  for (const role of ["engineer", "reviewer", "writer"]) {
    const { id } = await created(h, { name: role, execution: { id: "exec-1", role } });
    h.git.leave(id, { unpushed: 1 });
    await h.workspaces.push(role);
  }
  h.forge.push("acme/next.js", "parallax/exec-10/engineer");
  h.forge.push("acme/next.js", "feature");
  await h.workspaces.finalize("writer", { push: true, pullRequest: { title: "Write" } });
  expect((await h.workspaces.deleteBranches("exec-1")).sort()).toEqual([
    "parallax/exec-1/engineer/engineer",
    "parallax/exec-1/reviewer/reviewer",
  ]);
  expect([...h.forge.add("acme/next.js").branches.keys()].sort()).toEqual([
    "feature",
    "main",
    "parallax/exec-1/writer/writer",
    "parallax/exec-10/engineer",
  ]);
});

test("what somebody started while the others were looked at is not left over any more", async () => {
  await using h = createHarness();
  for (const name of ["first", "second"]) await created(h, { name, autoCleanup: true });
  for (const name of ["first", "second"]) await h.workspaces.stop(name);
  const { revoke } = h.credentials;
  h.credentials.revoke = async (id) => {
    h.credentials.revoke = revoke;
    // Somebody needs the second while the first is being dealt with.
    await h.workspaces.start("second");
    return revoke(id);
  };
  expect((await h.workspaces.reap({ force: true })).map(({ name }) => name)).toEqual(["first"]);
  expect(h.workspaces.get("second")).toMatchObject({ power: "running" });
  expect(h.credentials.list()).toHaveLength(1);
});

test("branches of an execution are found by its own name, whatever branch one of its workspaces was given", async () => {
  await using h = createHarness();
  const { id } = await created(h, { name: "one", execution: { id: "exec-1", role: "engineer" } });
  h.git.leave(id, { unpushed: 1 });
  await h.workspaces.push("one");
  await created(h, { name: "two", branch: "fix", execution: { id: "exec-1", role: "reviewer" } });
  expect(await h.workspaces.deleteBranches("exec-1")).toEqual(["parallax/exec-1/engineer/one"]);
  await h.workspaces.endExecution("exec-1", { outcome: "completed" });
  await expect(h.workspaces.deleteBranches("exec-1")).rejects.toMatchObject({ code: "credential_missing" });
});
