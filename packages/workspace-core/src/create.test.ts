import { expect, test } from "vitest";
import type { CreateRequest } from "./api.ts";
import type { WorkspaceEvent } from "./events.ts";
import { WsError } from "./errors.ts";
import { createHarness, eventually } from "./testing/harness.ts";
import { statusOf } from "./workspace.ts";

const URL = "https://forge.test/acme/next.js.git";

test("git is led to the worker as the workspace's profile allows", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "mine", clone: URL });
  await h.workspaces.create({ name: "its", clone: URL, profile: "agent" });
  expect(h.git.attached).toEqual(["person", "agent"]);
});

test("a created workspace is ready, runs, and has its repository cloned", async () => {
  await using h = createHarness();
  const record = await h.workspaces.create({ name: "demo", clone: URL });
  expect(record).toMatchObject({
    name: "demo",
    phase: "ready",
    power: "running",
    directory: "/home/workspace/next.js",
    repository: { url: URL, name: "next.js", branch: `parallax/${record.id}/person/demo`, baseBranch: "main" },
  });
  expect(record.operation).toBeUndefined();
  expect(record.startup.map(({ id, status }) => `${id} ${status}`)).toEqual([
    "prepare done",
    "credentials done",
    "create done",
    "start done",
    "connect done",
    "clone done",
    "scripts done",
  ]);
});

test("an id that the caller made is the workspace's", async () => {
  await using h = createHarness();
  expect((await h.workspaces.create({ name: "demo", id: "ws-mine" })).id).toBe("ws-mine");
});

test("without a repository the clone step is skipped and commands start in the home", async () => {
  await using h = createHarness();
  const record = await h.workspaces.create({ name: "demo" });
  expect(record.directory).toBe("/home/workspace");
  expect(record.startup.find(({ id }) => id === "clone")?.status).toBe("skipped");
});

test("the steps of a create arrive as events", async () => {
  await using h = createHarness();
  const stop = new AbortController();
  const seen: WorkspaceEvent[] = [];
  const watching = (async () => {
    for await (const event of h.workspaces.events(stop.signal)) seen.push(event);
  })();
  await h.workspaces.create({ name: "demo", clone: URL });
  stop.abort();
  await watching;
  expect(seen.some((event) => event.type === "progress" && event.step === "clone")).toBe(true);
  expect(seen.at(-1)).toMatchObject({ type: "changed", record: { phase: "ready" } });
});

test.each([
  [{ name: "Not A Name" }, "invalid_name"],
  [{ name: "demo", clone: "--upload-pack=touch /tmp/x" }, "invalid_clone_url"],
  [{ name: "demo", runtime: "local" }, "runtime_unavailable"],
] satisfies [CreateRequest, string][])("%j is refused as %s and leaves nothing behind", async (request, code) => {
  await using h = createHarness();
  await expect(h.workspaces.create(request)).rejects.toMatchObject({ code, next: expect.any(String) });
  expect(h.workspaces.list()).toEqual([]);
  expect(await h.runtime.homes()).toEqual([]);
});

test("a nearly full disk refuses the create with disk_full and leaves nothing behind", async () => {
  await using h = createHarness();
  h.free.bytes = 1e9;
  await expect(h.workspaces.create({ name: "demo" })).rejects.toMatchObject({ code: "disk_full" });
  h.free.bytes = 50e9;
  h.free.inodes = 10;
  await expect(h.workspaces.create({ name: "demo" })).rejects.toMatchObject({ code: "disk_full" });
  expect(h.workspaces.list()).toEqual([]);
});

test("a taken name is a conflict that names the way out, and the first workspace is untouched", async () => {
  await using h = createHarness();
  const first = await h.workspaces.create({ name: "demo" });
  await expect(h.workspaces.create({ name: "demo" })).rejects.toMatchObject({
    code: "name_taken",
    next: expect.stringContaining("ws start demo"),
  });
  expect(h.workspaces.list()).toEqual([first]);
});

test.each(["prepare", "create", "start", "open"])(
  "a failure in the runtime's %s leaves a failed record with its reason and neither place nor home",
  async (method) => {
    await using h = createHarness();
    const broken = new WsError("image_build_failed", { message: "It broke.", next: "Mend it.", data: { image: "x" } });
    h.runtime.intercept((called) => {
      if (called === method) throw broken;
    });
    await expect(h.workspaces.create({ name: "demo" })).rejects.toBe(broken);
    const record = h.workspaces.get("demo");
    expect(statusOf(record)).toBe("error");
    expect(record.failure).toMatchObject({ code: "image_build_failed", message: "It broke.", next: "Mend it." });
    expect(record.failure?.step).toBe(method === "open" ? "connect" : method);
    expect(record.operation).toBeUndefined();
    expect([await h.runtime.list(), await h.runtime.homes()]).toEqual([[], []]);
  },
);

test("a failed clone is undone, and a start with the corrected URL makes the workspace", async () => {
  await using h = createHarness();
  h.git.failWith(new WsError("repository_not_found", { message: "Repository not found.", data: { url: URL } }));
  await expect(h.workspaces.create({ name: "demo", clone: URL })).rejects.toMatchObject({
    code: "repository_not_found",
  });
  expect(await h.runtime.homes()).toEqual([]);
  h.git.failWith(undefined);
  const right = "https://forge.test/acme/right";
  const record = await h.workspaces.start("demo", { clone: right });
  expect(record).toMatchObject({ phase: "ready", power: "running", repository: { url: right } });
  expect(record.failure).toBeUndefined();
});

test("where even the undoing fails the operation stays in the record, and reconcile finishes it", async () => {
  await using h = createHarness();
  h.git.failWith(new WsError("clone_failed", { message: "Clone failed.", data: { url: URL } }));
  h.runtime.intercept((method) => {
    if (method === "remove") throw new WsError("engine_lost", { message: "Gone.", data: { runtime: "docker" } });
  });
  await expect(h.workspaces.create({ name: "demo", clone: URL })).rejects.toMatchObject({ code: "clone_failed" });
  expect(h.workspaces.get("demo").operation?.kind).toBe("create");
  h.runtime.intercept(() => undefined);
  await h.workspaces.reconcile();
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "error", failure: { code: "clone_failed" } });
  expect(h.workspaces.get("demo").operation).toBeUndefined();
  expect(await h.runtime.homes()).toEqual([]);
});

test("50 parallel creates under one key make one place and 50 equal answers", async () => {
  await using h = createHarness();
  const request = { name: "demo", clone: URL, key: "k1", env: { A: "1", B: "2" } };
  const answers = await Promise.all(Array.from({ length: 50 }, () => h.workspaces.create({ ...request })));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(await h.runtime.list()).toHaveLength(1);
  expect(h.git.clones).toHaveLength(1);
  expect((await h.workspaces.create({ ...request, env: { B: "2", A: "1" } })).id).toBe(answers[0]?.id);
});

test("50 parallel creates of one name under different keys make one place and 49 conflicts", async () => {
  await using h = createHarness();
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => h.workspaces.create({ name: "demo", key: `k${index}` })),
  );
  expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await h.runtime.list()).toHaveLength(1);
});

test("another request under a used key is refused", async () => {
  await using h = createHarness();
  await h.workspaces.create({ name: "demo", key: "k1" });
  await expect(h.workspaces.create({ name: "other", key: "k1" })).rejects.toMatchObject({
    code: "idempotency_mismatch",
  });
});

test("a failed create under a key is tried again when the request is repeated", async () => {
  await using h = createHarness();
  h.git.failWith(new WsError("clone_failed", { message: "Clone failed.", data: { url: URL } }));
  const request = { name: "demo", clone: URL, key: "k1" };
  await expect(h.workspaces.create(request)).rejects.toMatchObject({ code: "clone_failed" });
  h.git.failWith(undefined);
  expect(await h.workspaces.create(request)).toMatchObject({ phase: "ready" });
});

test("begin returns while the steps still run", async () => {
  await using h = createHarness();
  const gate = Promise.withResolvers<void>();
  h.runtime.intercept((method) => (method === "start" ? gate.promise : undefined));
  const record = await h.workspaces.begin({ name: "demo", key: "k" });
  expect(statusOf(record)).toBe("creating");
  await expect(h.workspaces.run("demo", ["true"])).rejects.toMatchObject({ code: "workspace_not_running" });
  gate.resolve();
  expect(await h.workspaces.create({ name: "demo", key: "k" })).toMatchObject({ phase: "ready" });
});

test("a script that does not end is ended after ten minutes, and is a line in the log", async () => {
  await using h = createHarness();
  h.programs["script"] = h.programs["forever"] ?? (() => ({}));
  h.scripts.push({ name: "slow.sh", content: new Uint8Array() });
  const creating = h.workspaces.create({ name: "demo" });
  await eventually(h.workspaces, () => h.workspaces.list().some(({ startup }) => startup.at(-1)?.status === "running"));
  const minutes = async (): Promise<string> => {
    h.clock.advance(60_000);
    return (await Array.fromAsync(h.workspaces.logs("demo", {}))).join("");
  };
  for (let minute = 1; minute <= 9; minute += 1) expect(await minutes()).not.toContain("was ended");
  await expect.poll(minutes).toContain("slow.sh was ended after 600 s.");
  expect(await creating).toMatchObject({ phase: "ready" });
});

test("a script in the background holds up no create, and what it says and how it ends is in the log", async () => {
  await using h = createHarness();
  const gate = Promise.withResolvers<void>();
  h.programs["script"] = () => gate.promise.then(() => ({ stdout: "updated\n", code: 3 }));
  h.scripts.push({ name: "update.sh", content: new Uint8Array(), background: true, failOnError: true });
  expect(await h.workspaces.create({ name: "demo" })).toMatchObject({ phase: "ready" });
  gate.resolve();
  const log = async (): Promise<string> => (await Array.fromAsync(h.workspaces.logs("demo", {}))).join("");
  await expect.poll(log).toContain("exit code 3");
  expect(await log()).toContain("updated");
  expect(h.workspaces.get("demo")).toMatchObject({ phase: "ready" });
});

test("a script that the worker does not have is a line in the log, and fails the create where it must not fail", async () => {
  await using h = createHarness();
  h.scripts.push({ name: "/nope.sh" });
  expect(await h.workspaces.create({ name: "lenient" })).toMatchObject({ phase: "ready" });
  const log = (await Array.fromAsync(h.workspaces.logs("lenient", {}))).join("");
  expect(log).toContain("The worker has no script /nope.sh.");
  h.scripts[0] = { name: "/nope.sh", failOnError: true };
  await expect(h.workspaces.create({ name: "strict" })).rejects.toMatchObject({ code: "script_failed" });
});

test("scripts run after the clone; only one that says so fails the create", async () => {
  await using h = createHarness();
  h.programs["script"] = () => ({ stdout: "hello from the script\n", code: 3 });
  h.scripts.push({ name: "post-start.sh", content: new TextEncoder().encode("#!/bin/sh\n") });
  await h.workspaces.create({ name: "lenient" });
  const lines: string[] = [];
  for await (const line of h.workspaces.logs("lenient", {})) lines.push(line);
  expect(lines.join("")).toContain("hello from the script");
  expect(lines.join("")).toContain("exit code 3");
  h.scripts[0] = { name: "post-start.sh", content: new Uint8Array(), failOnError: true };
  await expect(h.workspaces.create({ name: "strict" })).rejects.toMatchObject({
    code: "script_failed",
    data: { exitCode: 3 },
  });
});
