import { expect, test } from "vitest";
import { type FinalizeRequest } from "./finalize-request.ts";
import { createHarness } from "./testing/harness.ts";
import { URL, worked } from "./testing/worked.ts";

const PR = { title: "Add login", body: "It works." };

test("a second finalize makes the open pull request a draft, or ready for review, where it says so", async () => {
  await using h = createHarness();
  await worked(h);
  const drafts: (boolean | undefined)[] = [];
  for (const asked of [{}, { draft: true }, {}, { draft: false }]) {
    const pullRequest = { title: "Add a login", ...asked };
    drafts.push((await h.workspaces.finalize("demo", { push: true, pullRequest })).pullRequest?.draft);
  }
  expect(drafts).toEqual([false, true, true, false]);
});

test("a second finalize brings the open pull request up to date, and there is only one", async () => {
  await using h = createHarness();
  await worked(h);
  const first = await h.workspaces.finalize("demo", { push: true, pullRequest: PR });
  const second = await h.workspaces.finalize("demo", { push: true, pullRequest: { ...PR, title: "Add a login" } });
  expect(second.pullRequest).toMatchObject({ number: first.pullRequest?.number, title: "Add a login" });
  expect(h.forge.add("acme/next.js").pullRequests).toHaveLength(1);
});

test("a second finalize leaves an open pull request what it does not name: its text, and where people moved it", async () => {
  await using h = createHarness();
  await worked(h);
  await h.workspaces.finalize("demo", { push: true, pullRequest: { title: "Add a login", body: "In three parts." } });
  const [held] = h.forge.add("acme/next.js").pullRequests;
  Object.assign(held as object, { targetBranch: "next" });
  await h.workspaces.finalize("demo", { push: true, pullRequest: { title: "Add two logins" } });
  expect(held).toMatchObject({ title: "Add two logins", body: "In three parts.", targetBranch: "next" });
  await h.workspaces.finalize("demo", { push: true, pullRequest: { title: "Add two logins", body: "" } });
  expect(held).toMatchObject({ body: "" });
});

test("a second finalize without a title leaves the open pull request its own, and only a new one needs it", async () => {
  await using h = createHarness();
  await worked(h);
  const untitled: FinalizeRequest = { push: true, pullRequest: { labels: ["later"] } };
  const refused = { code: "invalid_input", data: { field: "pullRequest.title" } };
  for (const _ of ["once", "again"]) {
    await expect(h.workspaces.finalize("demo", untitled)).rejects.toMatchObject(refused);
    expect(h.git.pushes).toEqual([]);
  }
  expect(h.workspaces.get("demo").failure).toBeUndefined();
  const { pullRequest } = await h.workspaces.finalize("demo", { push: true, pullRequest: PR });
  expect((await h.workspaces.finalize("demo", untitled)).pullRequest).toMatchObject({
    ...pullRequest,
    title: PR.title,
  });
  const held = h.forge.add("acme/next.js").pullRequests;
  expect(held).toMatchObject([{ ...PR, labels: ["later"] }]);
  Object.assign(held[0] as object, { state: "closed" });
  await expect(h.workspaces.finalize("demo", untitled)).rejects.toMatchObject(refused);
  expect(held).toHaveLength(1);
});

test("where the pull request fails after the push the workspace is kept, and a repetition goes on with it", async () => {
  await using h = createHarness();
  await worked(h);
  h.forge.fault({ kind: "rate_limited", forMs: 600_000 });
  const request: FinalizeRequest = { push: true, pullRequest: PR, cleanup: true };
  await expect(h.workspaces.finalize("demo", request)).rejects.toMatchObject({ code: "forge_rate_limited" });
  h.clock.advance(600_001);
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready", failure: { step: "pull_request" } });
  const { pullRequest, cleanup } = await h.workspaces.finalize("demo", request);
  expect(pullRequest?.state).toBe("open");
  expect(cleanup?.kept).toBe(false);
});

test("without a credential the pull request says what to do, and the push stands", async () => {
  await using h = createHarness();
  const record = await h.workspaces.create({ name: "demo", clone: URL });
  h.git.leave(record.id, { unpushed: 1 });
  const refused = h.workspaces.finalize("demo", { push: true, pullRequest: PR });
  await expect(refused).rejects.toMatchObject({
    code: "credential_missing",
    next: expect.stringContaining("ws login"),
  });
  expect(h.git.pushes).toHaveLength(1);
});

test("a forge that nobody knows is named before anything is committed or pushed", async () => {
  await using h = createHarness();
  const { id } = await h.workspaces.create({ name: "demo", clone: "https://elsewhere.test/a/b" });
  h.git.leave(id, { unpushed: 1, uncommitted: { count: 1, files: ["a"] } });
  const commit: FinalizeRequest = { uncommitted: "commit", commitMessage: "One" };
  await expect(h.workspaces.finalize("demo", { ...commit, push: true, pullRequest: PR })).rejects.toMatchObject({
    code: "forge_unknown",
  });
  expect(h.git.pushes).toEqual([]);
  expect((await h.workspaces.workState("demo")).uncommitted.count).toBe(1);
  expect(h.workspaces.get("demo").failure).toBeUndefined();
});

test("what fails after the push tells where was pushed to, also in the record", async () => {
  await using h = createHarness();
  const { repository } = await worked(h);
  h.forge.fault({ kind: "rate_limited", forMs: 600_000 });
  const next = expect.stringContaining(`'${repository?.branch}' was pushed to '${URL}' before, at c2.`) as string;
  await expect(h.workspaces.finalize("demo", { push: true, pullRequest: PR })).rejects.toMatchObject({
    code: "forge_rate_limited",
    data: { host: expect.any(String) as string },
    next,
  });
  expect(h.workspaces.get("demo").failure).toMatchObject({ step: "pull_request", next });
});

test("a push of another branch than the workspace's tells so, in the answer, in the log and in the events", async () => {
  await using h = createHarness();
  const { id, repository } = await worked(h);
  h.git.switched.set(id, "feature/try");
  const stop = new AbortController();
  const events = Array.fromAsync(h.workspaces.events(stop.signal));
  const { pushed } = await h.workspaces.finalize("demo", { push: true });
  expect(pushed).toEqual({ branch: repository?.branch, commit: "c2", from: "feature/try" });
  const words = `Pushed 'feature/try' to ${repository?.branch} at c2.`;
  expect((await Array.fromAsync(h.workspaces.logs("demo", {}))).join("")).toContain(words);
  stop.abort();
  expect(await events).toContainEqual(expect.objectContaining({ type: "progress", step: "push", message: words }));
});

test("who may only read opens no pull request", async () => {
  await using h = createHarness();
  const { id } = await worked(h);
  await h.workspaces.push("demo");
  await h.credentials.grant({ workspace: id, url: URL, access: "read", branches: [], credentials: "all" });
  await expect(h.workspaces.finalize("demo", { pullRequest: PR })).rejects.toMatchObject({
    code: "pull_request_refused",
    next: expect.stringContaining("ws credential grant") as string,
  });
  expect(h.forge.add("acme/next.js").pullRequests).toEqual([]);
});

test("a finalize that is repeated after its cleanup is told of its pull request", async () => {
  await using h = createHarness();
  await worked(h);
  const request: FinalizeRequest = { push: true, pullRequest: PR, cleanup: true };
  const { pullRequest } = await h.workspaces.finalize("demo", request);
  expect(() => h.workspaces.get("demo")).toThrow(
    expect.objectContaining({
      code: "workspace_not_found",
      next: expect.stringContaining(pullRequest?.url ?? "-"),
    }) as Error,
  );
});
