import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import { createHarness } from "./testing/harness.ts";
import { created, URL } from "./testing/worked.ts";

test("what holds nothing of its own is removed, and its grants end", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  expect(h.credentials.list()).toHaveLength(1);
  expect(await h.workspaces.cleanup("demo")).toEqual({ id, name: "demo", kept: false });
  expect(h.store.get(id)?.phase).toBe("cleaned_up");
  expect(h.credentials.list()).toEqual([]);
  expect(h.decisions).toEqual([
    { action: "clean_up", workspace: { id, name: "demo" }, outcome: "done", reason: "it was asked for" },
  ]);
});

test.each([
  [{ unpushed: 1 }, "1 commit that is not pushed (on main)"],
  [{ uncommitted: { count: 3, files: ["a"] } }, "3 files that are not committed (on main)"],
  [{ stashes: 2 }, "2 stashes (on main)"],
  [{ unpushed: 2, stashes: 1 }, "2 commits that are not pushed and 1 stash (on main)"],
])("with %j it is kept without its grants, which names the holder", async (work, holder) => {
  await using h = createHarness();
  const { id } = await created(h);
  h.git.leave(id, work);
  expect(await h.workspaces.cleanup("demo")).toEqual({
    id,
    name: "demo",
    kept: true,
    reason: "unpushed_work",
    holder,
    needsGrant: true,
  });
  expect(h.workspaces.get("demo").phase).toBe("ready");
  expect(h.credentials.list()).toEqual([]);
  expect(h.git.told).toEqual([id]);
  expect(h.decisions).toContainEqual(expect.objectContaining({ outcome: "kept", holder }));
});

test("only force destroys what lies nowhere else", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  h.git.leave(id, { unpushed: 1 });
  await expect(h.workspaces.delete("demo")).rejects.toMatchObject({
    code: "unpushed_work",
    next: expect.stringContaining("--force") as string,
  });
  expect(await h.workspaces.cleanup("demo", { force: true })).toMatchObject({ kept: false });
});

test("a stopped workspace is looked at, and is stopped afterwards", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  h.git.leave(id, { unpushed: 1 });
  await h.workspaces.stop("demo");
  expect(await h.workspaces.foresee("demo")).toMatchObject({ kept: true });
  expect(await h.runtime.find(id)).toMatchObject({ power: "stopped" });
  expect(h.workspaces.get("demo").power).toBe("stopped");
});

test("a workspace that cannot be told that its grants ended is kept all the same", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  h.git.leave(id, { unpushed: 1 });
  h.git.showRights = () => {
    h.clock.advance(60_000);
    return new Promise(() => undefined);
  };
  expect(await h.workspaces.cleanup("demo")).toMatchObject({ kept: true, reason: "unpushed_work" });
});

test("what cannot be looked at is kept", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  h.git.workState = () => Promise.reject(new Error("git is broken"));
  expect(await h.workspaces.cleanup("demo")).toMatchObject({
    kept: true,
    holder: expect.stringContaining("could not be looked at") as string,
  });
  h.git.workState = () => {
    h.clock.advance(60_000);
    return new Promise(() => undefined);
  };
  expect(await h.workspaces.cleanup("demo")).toMatchObject({
    kept: true,
    holder: expect.stringContaining("took too long") as string,
  });
  expect(h.store.get(id)?.phase).toBe("ready");
});

test("what somebody has on lease is kept with its grants, also where it is forced, and names the holder", async () => {
  await using h = createHarness();
  const { id } = await created(h, { autoCleanup: true });
  h.leased.set(id, { id: "lease-1", holder: "nightly" });
  const kept = { id, name: "demo", kept: true, reason: "leased", holder: "a lease of nightly", lease: "lease-1" };
  expect(await h.workspaces.foresee("demo")).toEqual(kept);
  expect(await h.workspaces.cleanup("demo", { force: true })).toEqual(kept);
  expect(h.credentials.list()).toHaveLength(1);
  h.git.leave(id, { unpushed: 1 });
  expect(await h.workspaces.foresee("demo")).toMatchObject({
    holder: "1 commit that is not pushed (on main), and a lease of nightly",
  });
  h.git.leave(id, { unpushed: 0 });
  await h.workspaces.stop("demo");
  expect(await h.workspaces.reap({ dryRun: true, force: true })).toEqual([kept]);
  expect(await h.workspaces.reap({ force: true })).toEqual([kept]);
  h.leased.clear();
  expect(await h.workspaces.cleanup("demo")).toMatchObject({ kept: false });
});

test("a grant that cannot be ended keeps the workspace and is told", async () => {
  await using h = createHarness();
  await created(h);
  h.credentials.failWith(new Error("no store"));
  expect(await h.workspaces.cleanup("demo")).toMatchObject({ kept: true, reason: "failed" });
  h.credentials.failWith(undefined);
  expect(await h.workspaces.cleanup("demo")).toMatchObject({ kept: false });
});

test("a home without a repository goes only with a delete, or where it is forced", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "plain" });
  expect(await h.workspaces.cleanup("plain")).toMatchObject({
    kept: true,
    holder: "a home of which no remote has a copy",
  });
  await h.workspaces.delete("plain");
  await h.workspaces.create({ name: "plain" });
  expect(await h.workspaces.cleanup("plain", { force: true })).toMatchObject({ kept: false });
});

test.each([
  [{ id: "exec-1", role: "a;id" }, "execution.role"],
  [{ id: "exec-1", role: "engineer", slug: "$(id)" }, "execution.slug"],
  [{ id: "`id`", role: "engineer" }, "execution.id"],
])("CWE-78: words of an execution that a shell would read are refused: %j", async (execution, field) => {
  await using h = createHarness();
  await expect(created(h, { execution })).rejects.toMatchObject({ code: "invalid_input", data: { field } });
  expect(h.workspaces.list()).toEqual([]);
});

test("a delete that is refused has ended nothing that ran, one that is forced ends it", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  h.git.leave(id, { unpushed: 1 });
  const reached = Promise.withResolvers<AbortSignal | undefined>();
  const pushed = Promise.withResolvers<void>();
  h.git.push = async (_box, _repository, { signal }) => {
    reached.resolve(signal);
    await pushed.promise;
    signal?.throwIfAborted();
    return { commit: "c1" };
  };
  const pushing = h.workspaces.push("demo");
  const signal = await reached.promise;
  const refused = h.workspaces.delete("demo");
  expect(signal?.aborted).toBe(false);
  pushed.resolve();
  await expect(refused).rejects.toMatchObject({ code: "unpushed_work" });
  expect((await pushing).commit).toBe("c1");
});

test("a stopped workspace that was being looked at when the agent died is stopped again", async () => {
  await using h = createHarness();
  const { id } = await created(h);
  await h.workspaces.stop("demo");
  const looking = Promise.withResolvers<void>();
  const { workState } = h.git;
  h.git.workState = () => {
    looking.resolve();
    return new Promise(() => undefined);
  };
  void h.workspaces.foresee("demo").catch(() => undefined);
  await looking.promise;
  expect(h.store.get(id)).toMatchObject({ power: "stopped", operation: { kind: "look" } });
  h.git.workState = workState;
  await h.reborn().reconcile();
  expect(await h.runtime.find(id)).toMatchObject({ power: "stopped" });
  expect(h.store.get(id)?.operation).toBeUndefined();
  expect(h.store.get(id)?.power).toBe("stopped");
});

test("a repository that was moved away in its workspace is kept", async () => {
  await using h = createHarness();
  await created(h);
  h.git.workState = () =>
    Promise.reject(new WsError("repository_not_found", { message: "It is not there.", data: { url: URL } }));
  expect(await h.workspaces.cleanup("demo")).toMatchObject({ kept: true });
});
