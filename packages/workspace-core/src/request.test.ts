import { expect, test } from "vitest";
import type { StartRequest } from "./api.ts";
import { WsError } from "./errors.ts";
import { createFakeBox } from "./testing/fake-box.ts";
import { createFakeRuntime } from "./testing/fake-runtime.ts";
import { createHarness, type Harness } from "./testing/harness.ts";

const URL = "https://forge.test/acme/app";

async function failedCreate(h: Harness, request: StartRequest): Promise<void> {
  h.git.failWith(new WsError("branch_not_found", { message: "No.", data: { url: URL, branch: "wrong" } }));
  await expect(h.workspaces.create({ name: "demo", ...request })).rejects.toMatchObject({ code: "branch_not_found" });
  h.git.failWith(undefined);
}

test("starting a workspace whose create failed takes everything that a create takes, and keeps the rest", async () => {
  await using h = createHarness();
  const before = { clone: URL, branch: "wrong", env: { KEPT: "1", NEW: "0" }, limits: { cpus: 1, processes: 100 } };
  await failedCreate(h, before);
  const record = await h.workspaces.start("demo", {
    branch: "right",
    base: "develop",
    image: "other:1",
    limits: { cpus: 2, memoryBytes: 2 ** 30 },
    ttlMs: 60_000,
    env: { NEW: "1" },
    profile: "agent",
    runtime: "docker",
  });
  expect(record).toMatchObject({
    phase: "ready",
    repository: { url: URL, branch: "right", baseBranch: "develop" },
    image: "other:1",
    limits: { cpus: 2, memoryBytes: 2 ** 30, processes: 100 },
    ttlMs: 60_000,
    ttlRemainingMs: 60_000,
    env: { KEPT: "1", NEW: "1" },
    profile: "agent",
  });
});

test("a branch that is asked for at a retry is looked for on the remote, where the workspace's own could not be", async () => {
  await using h = createHarness();
  await failedCreate(h, { clone: URL });
  expect(h.workspaces.get("demo").repository).toMatchObject({ branchIsNew: true });
  const { repository } = await h.workspaces.start("demo", { branch: "theirs" });
  expect(repository).toMatchObject({ branch: "theirs" });
  expect(repository).not.toHaveProperty("branchIsNew");
});

test("a failed create that is repeated with its repository and without its wrong base begins at the default branch", async () => {
  await using h = createHarness();
  await failedCreate(h, { clone: URL, base: "wrong", checkout: { depth: 1 } });
  expect(h.workspaces.get("demo").repository).toMatchObject({ baseBranch: "wrong" });
  const { repository } = await h.workspaces.start("demo", { clone: URL });
  expect(repository).toMatchObject({ url: URL, baseBranch: "main" });
  expect(repository).not.toHaveProperty("checkout");
});

test("another repository takes no branch over from the one before", async () => {
  await using h = createHarness();
  await failedCreate(h, { clone: URL, branch: "wrong" });
  const record = await h.workspaces.start("demo", { clone: "https://forge.test/acme/other" });
  expect(record.repository).toMatchObject({ name: "other", branch: `parallax/${record.id}/person/demo` });
});

test("what cannot be is refused before a failed record is touched", async () => {
  await using h = createHarness();
  h.runtime.intercept((method) => {
    if (method === "create") throw new Error("no room");
  });
  await expect(h.workspaces.create({ name: "demo" })).rejects.toThrow("no room");
  h.runtime.intercept(() => undefined);
  const failed = h.workspaces.get("demo");
  await expect(h.workspaces.start("demo", { branch: "b" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(h.workspaces.create({ name: "other", base: "b" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(h.workspaces.start("demo", { runtime: "local" })).rejects.toMatchObject({ code: "runtime_unavailable" });
  h.free.bytes = 1e9;
  await expect(h.workspaces.start("demo")).rejects.toMatchObject({ code: "disk_full" });
  expect(h.workspaces.get("demo")).toEqual(failed);
});

test.each<[StartRequest, string]>([
  [{ limits: { cpus: 5 } }, "limits.cpus"],
  [{ clone: URL, branch: "a..b" }, "branch"],
  [{ clone: URL, base: "-f" }, "base"],
])("%j is refused before there is a workspace, and a failed one does not keep it", async (request, field) => {
  await using h = createHarness();
  const refusal = { code: "invalid_input", data: { field } };
  await expect(h.workspaces.create({ name: "demo", ...request })).rejects.toMatchObject(refusal);
  expect(h.workspaces.list()).toEqual([]);
  await failedCreate(h, { clone: URL });
  const { clone: _clone, ...again } = request;
  for (const repeated of [request, again]) {
    await expect(h.workspaces.start("demo", repeated)).rejects.toMatchObject(refusal);
  }
  await expect(h.workspaces.start("demo")).resolves.toMatchObject({ phase: "ready", limits: {} });
});

test("the local runtime refuses an image, and takes none over from a create that failed elsewhere", async () => {
  const local = createFakeRuntime({ now: () => 0, openBox: (home, ended) => createFakeBox(home, ended) });
  await using h = createHarness({ others: [{ ...local, name: "local" }] });
  const refusal = { code: "invalid_input", data: { field: "image" } };
  await expect(h.workspaces.create({ name: "x", runtime: "local", image: "i:1" })).rejects.toMatchObject(refusal);
  await failedCreate(h, { clone: URL, image: "i:1" });
  await expect(h.workspaces.start("demo", { runtime: "local", image: "i:1" })).rejects.toMatchObject(refusal);
  const started = await h.workspaces.start("demo", { runtime: "local" });
  expect(started).toMatchObject({ phase: "ready", runtime: "local" });
  expect(started.image).toBeUndefined();
});

test.each<[StartRequest, RegExp]>([
  [{ branch: "other" }, /exists with branch mine, not with branch other\./],
  [{ base: "develop" }, /exists with base main, not with base develop\./],
  [{ image: "other:1" }, /exists with image one:1, not with image other:1\./],
  [{ profile: "agent" }, /exists with profile person, not with profile agent\./],
  [{ runtime: "local" }, /exists with runtime docker, not with runtime local\./],
  [{ limits: { cpus: 4, processes: 9 } }, /with 2 CPUs, the usual limit of processes, not with 4 CPUs, 9 processes\./],
  [{ ttlMs: 5_000 }, /exists with no TTL, not with a TTL of 5 s\./],
])("starting an existing workspace with %j is a conflict that names both", async (request, message) => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", clone: URL, branch: "mine", image: "one:1", limits: { cpus: 2 } });
  await h.workspaces.stop("demo");
  const refused = h.workspaces.start("demo", { ...request, env: { ADDED: "1" } });
  await expect(refused).rejects.toMatchObject({
    code: "workspace_mismatch",
    message: expect.stringMatching(message) as string,
  });
  expect(h.workspaces.get("demo")).toMatchObject({ power: "stopped", env: {} });
});

test("a start that asks for what exists is a start, and repeating it is success", async () => {
  await using h = createHarness();
  const request = { clone: URL, branch: "b", base: "main", image: "one:1", limits: { cpus: 2 }, ttlMs: 60_000 };
  const { id } = await h.workspaces.create({ name: "demo", ...request });
  await h.workspaces.stop("demo");
  for (const _again of [1, 2]) {
    expect(await h.workspaces.start("demo", { ...request, runtime: "docker", profile: "person" })).toMatchObject({
      id,
      power: "running",
    });
  }
});

test("a failed create goes on with another runtime, and what it left on the first is removed there", async () => {
  const local = {
    ...createFakeRuntime({ now: () => 0, openBox: (home, ended) => createFakeBox(home, ended) }),
    name: "local" as const,
  };
  await using h = createHarness({ others: [local] });
  h.runtime.intercept((method) => {
    if (method === "open" || method === "remove")
      throw new WsError("engine_lost", { message: "-", data: { runtime: "docker" } });
  });
  await expect(h.workspaces.create({ name: "demo" })).rejects.toMatchObject({ code: "engine_lost" });
  const moved = await h.workspaces.start("demo", { runtime: "local" });
  expect(moved).toMatchObject({ runtime: "local", power: "running" });
  h.runtime.intercept(() => undefined);
  await h.workspaces.reconcile();
  expect([await h.runtime.homes(), await local.homes()]).toEqual([[], [moved.id]]);
});

test("limits and profiles that the local runtime would not keep are refused, with the way on", async () => {
  const local = {
    ...createFakeRuntime({ now: () => 0, openBox: (home, ended) => createFakeBox(home, ended) }),
    name: "local" as const,
  };
  await using h = createHarness({ others: [local] });
  await expect(
    h.workspaces.create({ name: "demo", runtime: "local", limits: { memoryBytes: 2 ** 30, cpus: 1 } }),
  ).rejects.toMatchObject({
    code: "limits_unsupported",
    next: expect.stringContaining("docker"),
    data: { runtime: "local", limits: ["memoryBytes", "cpus"] },
  });
  await expect(h.workspaces.create({ name: "demo", runtime: "local", profile: "agent" })).rejects.toMatchObject({
    code: "invalid_input",
  });
  expect(h.workspaces.list()).toEqual([]);
  await expect(h.workspaces.create({ name: "demo", runtime: "local", limits: {} })).resolves.toBeDefined();
});

test("a clone that needs a credential says why there was none, and one that needs none is not troubled by it", async () => {
  await using h = createHarness();
  const reason = new WsError("credential_missing", {
    message: "The app is not there.",
    next: "Install it.",
    data: { host: "forge.test" },
  });
  h.credentials.grant = async ({ without }) => {
    without?.(reason);
    return undefined;
  };
  await h.workspaces.create({ name: "public", clone: URL });
  h.git.failWith(new WsError("authentication_failed", { message: "Authentication failed.", data: { url: URL } }));
  await expect(h.workspaces.create({ name: "private", clone: URL })).rejects.toMatchObject({
    code: "authentication_failed",
    message: "Authentication failed. The app is not there.",
    next: "Install it.",
  });
  h.git.failWith(new WsError("branch_not_found", { message: "No.", data: { url: URL, branch: "x" } }));
  await expect(h.workspaces.create({ name: "other", clone: URL })).rejects.toMatchObject({ message: "No." });
});

test("which credentials it may use is kept, and asked for again it has to be the same", async () => {
  await using h = createHarness();
  const record = await h.workspaces.create({ name: "demo", credentials: ["b", "a"] });
  expect(record.credentials).toEqual(["b", "a"]);
  expect(await h.workspaces.start("demo", { credentials: ["a", "b"] })).toMatchObject({ credentials: ["b", "a"] });
  await expect(h.workspaces.start("demo", { credentials: "none" })).rejects.toMatchObject({
    code: "workspace_mismatch",
    message: "'demo' exists with only a and b of the worker's credentials, not with none of the worker's credentials.",
  });
  await h.workspaces.create({ name: "other" });
  await h.workspaces.start("other", { credentials: "all" });
});

test("CWE-78: words of an execution are looked at also where a failed workspace is tried again, and its branch goes with them", async () => {
  await using h = createHarness();
  await failedCreate(h, { clone: URL, execution: { id: "exec-1", role: "engineer" } });
  const odd = h.workspaces.start("demo", { execution: { id: "exec-2;id", role: "$(id)" } });
  await expect(odd).rejects.toMatchObject({ code: "invalid_input", data: { field: "execution.id" } });
  const record = await h.workspaces.start("demo", { execution: { id: "exec-2", role: "reviewer" } });
  expect(record.repository?.branch).toBe("parallax/exec-2/reviewer/demo");
  expect(record.execution).toEqual({ id: "exec-2", role: "reviewer" });
});
