import { expect, test } from "vitest";
import { type FinalizeRequest } from "./finalize-request.ts";
import { WsError } from "./errors.ts";
import { createHarness, type Harness } from "./testing/harness.ts";
import { URL, worked } from "./testing/worked.ts";

const PR = { title: "Add login", body: "It works." };

test("a workspace is pushed, its pull request opened, and it is cleaned up", async () => {
  await using h = createHarness();
  const { id, repository } = await worked(h, { execution: { id: "exec-1", role: "engineer", slug: "login" } });
  const { pushed, pullRequest, cleanup, record } = await h.workspaces.finalize("demo", {
    push: true,
    pullRequest: { ...PR, labels: ["feature"], reviewers: ["ada"], teamReviewers: ["core"] },
    cleanup: true,
  });
  expect(repository?.branch).toBe("parallax/exec-1/engineer/login");
  expect(pushed).toEqual({ branch: "parallax/exec-1/engineer/login", commit: "c2" });
  expect(pullRequest).toMatchObject({
    state: "open",
    sourceBranch: "parallax/exec-1/engineer/login",
    targetBranch: "main",
    title: "Add login",
    executionId: "exec-1",
  });
  expect(record).toMatchObject({ id, phase: "ready", pullRequest: { number: pullRequest?.number } });
  expect(cleanup).toEqual({ id, name: "demo", kept: false });
  expect(h.store.get(id)).toMatchObject({ phase: "cleaned_up", pullRequest: { number: pullRequest?.number } });
  expect(h.credentials.list()).toEqual([]);
});

test("work that is not committed is refused before anything is pushed, naming the files", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  h.git.leave(id, { uncommitted: { count: 2, files: ["a.ts", "b.ts"] } });
  const refused = h.workspaces.finalize("demo", { push: true });
  await expect(refused).rejects.toMatchObject({
    code: "uncommitted_work",
    message: expect.stringContaining("2 files that are not committed: a.ts, b.ts") as string,
  });
  expect(h.git.pushes).toEqual([]);
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready", failure: { step: "commit" } });
});

test("work that is not committed is committed where that is asked for", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  h.git.leave(id, { uncommitted: { count: 1, files: ["a.ts"] } });
  const request: FinalizeRequest = { uncommitted: "commit", commitMessage: "Finish", push: true };
  expect((await h.workspaces.finalize("demo", request)).pushed?.commit).toBe("c3");
});

test("work that is left uncommitted keeps the workspace, and says so", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  h.git.leave(id, { uncommitted: { count: 1, files: ["a.ts"] } });
  const { cleanup, record } = await h.workspaces.finalize("demo", { uncommitted: "leave", push: true, cleanup: true });
  expect(cleanup).toMatchObject({ kept: true, reason: "unpushed_work", holder: expect.stringContaining("1 file") });
  expect(record).toMatchObject({ phase: "ready", power: "running" });
  expect(record.finalizing).toBeUndefined();
});

test.each<[string, FinalizeRequest, string]>([
  ["a commit without a message", { uncommitted: "commit", commitMessage: " " }, "commitMessage"],
  ["a pull request without a title", { push: true, pullRequest: { title: "" } }, "pullRequest.title"],
])("%s is refused at once", async (_, request, field) => {
  await using h = createHarness();
  await worked(h);
  await expect(h.workspaces.finalize("demo", request)).rejects.toMatchObject({
    code: "invalid_input",
    data: { field },
  });
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready" });
  expect(h.workspaces.get("demo").operation).toBeUndefined();
});

test("a file that holds secrets is committed with the rest only where a rule says that it may be", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  h.git.leave(id, { uncommitted: { count: 2, files: [".env", "src/main.ts"] } });
  const request: FinalizeRequest = { uncommitted: "commit", commitMessage: "Add a login", push: true };
  await expect(h.workspaces.finalize("demo", request)).rejects.toMatchObject({
    code: "path_not_allowed",
    data: { path: ".env", rule: "sensitivePaths" },
  });
  expect(h.git.pushes).toEqual([]);
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready" });
  h.workspaces.policies.change("demo", { set: { sensitivePaths: false } });
  expect((await h.workspaces.finalize("demo", request)).pushed).toBeDefined();
});

test.each(["push", "pull_request", "cleanup"])(
  "an agent that is killed at the step %s goes on with it",
  async (step) => {
    await using h = createHarness();
    const { id } = await worked(h);
    const killed = Promise.withResolvers<void>();
    const events = h.workspaces.events(new AbortController().signal);
    void (async () => {
      for await (const event of events) {
        if (event.type === "changed" && event.record.operation?.step === step) killed.resolve();
      }
    })();
    // The first engine never hears of it again.
    hang(h, step);
    void h.workspaces.finalize("demo", { push: true, pullRequest: PR, cleanup: true }).catch(() => undefined);
    await killed.promise;
    h.git.failWith(undefined);
    const again = h.reborn();
    release(h);
    await again.reconcile();
    await expect.poll(() => h.store.get(id)?.phase).toBe("cleaned_up");
    expect(h.forge.add("acme/next.js").pullRequests).toHaveLength(1);
    expect(h.decisions).toContainEqual(expect.objectContaining({ action: "finalize", outcome: "done" }));
  },
);

const held = new WeakMap<Harness, () => void>();

/** Makes the first call of a step wait for ever, as a process does that is gone. */
function hang(h: Harness, step: string): void {
  const never = new Promise<never>(() => undefined);
  const original = { push: h.git.push, open: h.forge.open, revoke: h.credentials.revoke };
  if (step === "push") h.git.push = () => never;
  if (step === "pull_request")
    h.forge.open = () => ({ ...original.open(URL, async () => undefined), findPullRequest: () => never });
  if (step === "cleanup") h.credentials.revoke = () => never;
  held.set(h, () => {
    h.git.push = original.push;
    h.forge.open = original.open;
    h.credentials.revoke = original.revoke;
  });
}

function release(h: Harness): void {
  held.get(h)?.();
}

test("a stopped workspace is started for it", async () => {
  await using h = createHarness();
  await worked(h);
  await h.workspaces.stop("demo");
  expect((await h.workspaces.finalize("demo", { push: true })).pushed?.commit).toBe("c2");
});

test("a push that the server refuses is told, and the workspace is as ready as before", async () => {
  await using h = createHarness();
  await worked(h);
  const next = "Widen it: 'ws credential grant NAME'.";
  h.git.failWith(new WsError("push_refused", { message: "No.", next, data: { branch: "b" } }));
  await expect(h.workspaces.push("demo")).rejects.toMatchObject({
    code: "push_refused",
    next: "Widen it: 'ws credential grant demo'.",
  });
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready", failure: { step: "push", code: "push_refused" } });
});

test("after the push only what is left stands in the record, so that what goes on with it needs no grant to push again", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  const left: (FinalizeRequest | undefined)[] = [];
  const open = h.forge.open;
  h.forge.open = (url, secret) => {
    left.push(h.store.get(id)?.finalizing);
    return open(url, secret);
  };
  const revoke = h.credentials.revoke;
  h.credentials.revoke = (workspace) => {
    left.push(h.store.get(id)?.finalizing);
    return revoke(workspace);
  };
  await h.workspaces.finalize("demo", { push: true, pullRequest: PR, cleanup: true });
  // Whether there is a forge is asked before anything is begun.
  expect(left[0]).toBeUndefined();
  expect(left[1]).toEqual({ uncommitted: "leave", pullRequest: PR, cleanup: true });
  expect(left[2]).toEqual({ uncommitted: "leave", cleanup: true });
});

test("what cannot be gone on with after a crash is given up, and is not done to later work", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  const { push } = h.git;
  const reached = Promise.withResolvers<void>();
  h.git.push = () => {
    reached.resolve();
    return new Promise(() => undefined);
  };
  void h.workspaces.finalize("demo", { push: true }).catch(() => undefined);
  await reached.promise;
  h.git.push = push;
  // Its container is gone when the next agent looks.
  await h.runtime.abandon(id);
  await h.reborn().reconcile();
  await expect.poll(() => h.store.get(id)?.finalizing).toBeUndefined();
  expect(h.store.get(id)).toMatchObject({
    phase: "ready",
    power: "stopped",
    failure: { code: "workspace_not_running" },
  });
  expect(h.git.pushes).toEqual([]);
});

test("a cleanup at its end that is cancelled leaves nothing armed", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  const reached = Promise.withResolvers<void>();
  const { workState } = h.git;
  let looks = 0;
  h.git.workState = (...asked) => {
    if (looks++ === 0) return workState(...asked);
    reached.resolve();
    return new Promise(() => undefined);
  };
  const finalizing = h.workspaces.finalize("demo", { push: true, cleanup: true });
  finalizing.catch(() => undefined);
  await reached.promise;
  const deleting = h.workspaces.delete("demo", { force: true });
  await expect(finalizing).rejects.toMatchObject({ code: "aborted" });
  await deleting;
  expect(h.store.get(id)?.phase).toBe("cleaned_up");
});
