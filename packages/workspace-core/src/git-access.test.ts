import { expect, test } from "vitest";
import { WsError } from "./errors.ts";
import type { GitStatus } from "./git-work.ts";
import { createHarness, type Harness } from "./testing/harness.ts";

const URL = "https://forge.test/acme/next.js.git";
const STATUS: GitStatus = { branch: "main", detached: false, stashes: 0, files: [], total: 0, truncated: false };

async function cloned(h: Harness): Promise<void> {
  h.credentials.add("forge.test", "one");
  await h.workspaces.create({ name: "demo", clone: URL });
}

test("changes are made one after the other, and a look waits for none of them", async () => {
  await using h = createHarness();
  await cloned(h);
  const going = Promise.withResolvers<void>();
  const did: string[] = [];
  h.git.working = {
    status: async () => STATUS,
    async stash() {
      did.push("begun");
      await going.promise;
      did.push("ended");
      return { created: true };
    },
    reset: async () => (did.push("reset"), { head: "c1" }),
  };
  const git = await h.workspaces.git("demo");
  const first = git.stash();
  const second = git.reset({ mode: "soft" });
  await expect.poll(() => did).toEqual(["begun"]);
  expect(await git.status()).toEqual(STATUS);
  going.resolve();
  await Promise.all([first, second]);
  expect(did).toEqual(["begun", "ended", "reset"]);
});

test("one that fails holds up none after it", async () => {
  await using h = createHarness();
  await cloned(h);
  const busy = new WsError("repository_busy", { message: "Busy.", data: {} });
  h.git.working = {
    status: async () => STATUS,
    stash: () => Promise.reject(busy),
    reset: async () => ({ head: "c1" }),
  };
  const git = await h.workspaces.git("demo");
  const [first, second] = await Promise.allSettled([git.stash(), git.reset({ mode: "soft" })]);
  expect(first).toMatchObject({ status: "rejected", reason: { code: "repository_busy" } });
  expect(second).toMatchObject({ status: "fulfilled" });
});

test("who goes away ends a look and no change", async () => {
  await using h = createHarness();
  await cloned(h);
  const gone = new AbortController();
  const going = Promise.withResolvers<void>();
  let looked = false;
  h.git.working = {
    status: () => ((looked = true), new Promise(() => undefined)),
    stash: async () => (await going.promise, { created: true }),
  };
  const git = await h.workspaces.git("demo", { signal: gone.signal });
  const change = git.stash();
  const look = git.status();
  await expect.poll(() => looked).toBe(true);
  gone.abort();
  await expect(look).rejects.toMatchObject({ code: "aborted" });
  going.resolve();
  expect(await change).toEqual({ created: true });
});

test("git that never ends is ended", async () => {
  await using h = createHarness();
  await cloned(h);
  let asked = false;
  h.git.working = { log: () => ((asked = true), new Promise(() => undefined)) };
  const look = (await h.workspaces.git("demo")).log();
  await expect.poll(() => asked).toBe(true);
  h.clock.advance(120_000);
  await expect(look).rejects.toMatchObject({ code: "timeout", data: { afterMs: 120_000 } });
});

test("a refusal names the workspace, and the next step in its words", async () => {
  await using h = createHarness();
  await cloned(h);
  const error = new WsError("uncommitted_work", {
    message: "Nothing was done.",
    next: "Try: ws git NAME stash push.",
    data: { name: "next.js", files: 1 },
  });
  h.git.working = { checkout: () => Promise.reject(error) };
  await expect((await h.workspaces.git("demo")).checkout({ branch: "main" })).rejects.toMatchObject({
    code: "uncommitted_work",
    next: "Try: ws git demo stash push.",
    data: { name: "demo", files: 1 },
  });
});

test("a workspace that is stopped, or without a repository, has none to work on", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "bare" });
  await expect(h.workspaces.git("bare")).rejects.toMatchObject({ code: "repository_not_found" });
  await h.workspaces.stop("bare");
  await expect(h.workspaces.git("bare")).rejects.toMatchObject({ code: "workspace_not_running" });
  await expect(h.workspaces.git("none")).rejects.toMatchObject({ code: "workspace_not_found" });
});

test("the rules of the workspace hold, and those of a token with them", async () => {
  await using h = createHarness();
  await cloned(h);
  h.git.working = { status: async () => STATUS, stash: async () => ({ created: true }) };
  const layers = [{ of: "token", name: "nightly", rules: { readOnly: true } }] as const;
  await expect((await h.workspaces.git("demo", { layers })).stash()).rejects.toMatchObject({
    code: "read_only",
    data: { setBy: "token nightly" },
  });
  await (await h.workspaces.git("demo")).stash();
  h.workspaces.policies.change("demo", { set: { readOnly: true } });
  await expect((await h.workspaces.git("demo")).stash()).rejects.toMatchObject({ code: "read_only" });
});

test("what a policy refuses is not finalized either, and nothing of it is begun", async () => {
  await using h = createHarness();
  await cloned(h);
  h.git.leave(h.workspaces.get("demo").id, { head: "c1", unpushed: 1, uncommitted: { count: 1, files: ["src/a"] } });
  h.git.working = {
    status: async () => ({ ...STATUS, files: [{ path: "src/a", worktree: "modified", conflicted: false }], total: 1 }),
  };
  const set = (rules: object) =>
    h.workspaces.policies.change("demo", { set: rules, unset: ["push", "commit", "writablePaths", "fixedBranch"] });
  const commit = { uncommitted: "commit", commitMessage: "m", push: true } as const;
  set({ push: false });
  await expect(h.workspaces.push("demo")).rejects.toMatchObject({ code: "push_disabled" });
  set({ commit: false });
  await expect(h.workspaces.finalize("demo", commit)).rejects.toMatchObject({ code: "commit_disabled" });
  set({ writablePaths: ["docs"] });
  await expect(h.workspaces.finalize("demo", commit)).rejects.toMatchObject({
    code: "path_not_allowed",
    data: { path: "src/a" },
  });
  set({ fixedBranch: "other" });
  await expect(h.workspaces.push("demo")).rejects.toMatchObject({ code: "branch_not_allowed" });
  expect(h.git.pushes).toEqual([]);
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready" });
  set({ writablePaths: ["src"] });
  expect((await h.workspaces.finalize("demo", commit)).pushed?.commit).toBe("c2");
});
