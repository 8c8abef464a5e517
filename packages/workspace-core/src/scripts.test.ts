import { expect, test } from "vitest";
import { URL } from "./testing/worked.ts";
import { createHarness, eventually, type Harness } from "./testing/harness.ts";

const content = new TextEncoder().encode("#!/bin/sh\n");
const OF_EXECUTION = { name: "demo", clone: URL, execution: { id: "exec-1", role: "engineer" } };
const at = (name: string): string => `/home/workspace/.ws/scripts/${name}`;

async function said(h: Harness): Promise<string> {
  return (await Array.fromAsync(h.workspaces.logs("demo", {}))).join("");
}

/** Makes a container's home have what its image has there. */
async function givenImage(h: Harness, files: Record<string, number>): Promise<void> {
  await h.workspaces.create({ name: "demo" });
  const { files: place } = await h.workspaces.box("demo");
  for (const [path, mode] of Object.entries(files)) {
    await place.mkdir("/workspace");
    await place.write(path, content, { mode });
  }
}

test("what failed without failing the start stands in its step, and nothing where all went well", async () => {
  await using h = createHarness();
  h.programs[at("lint.sh")] = () => ({ code: 3 });
  h.scripts.push({ name: "a.sh", content }, { name: "lint.sh", content }, { name: "b.sh", content });
  const { startup } = await h.workspaces.create({ name: "demo" });
  expect(startup.at(-1)).toMatchObject({ status: "done", message: "2 of 3 done; lint.sh ended with 3" });
  h.programs[at("lint.sh")] = () => ({});
  const again = await h.workspaces.restart("demo");
  expect(again.startup.at(-1)).toMatchObject({ id: "scripts", status: "done" });
  expect(again.startup.at(-1)?.message).toBeUndefined();
});

test("what cannot be run at all says why, in the log and where it fails the start", async () => {
  await using h = createHarness();
  const problem = "The script /a is a directory: name the files in it one by one.";
  h.scripts.push({ name: "/a", problem });
  const { startup } = await h.workspaces.create({ name: "demo" });
  expect(startup.at(-1)?.message).toBe("0 of 1 done; /a ended with 126");
  expect(await said(h)).toContain(problem);
  h.scripts[0] = { name: "/a", problem, failOnError: true };
  await expect(h.workspaces.restart("demo")).rejects.toMatchObject({ code: "script_failed", message: problem });
});

test("a script has the time that it is given", async () => {
  await using h = createHarness();
  h.programs["script"] = h.programs["forever"] ?? (() => ({}));
  h.scripts.push({ name: "slow.sh", content, timeoutMs: 5_000 });
  const creating = h.workspaces.create({ name: "demo" });
  await eventually(h.workspaces, () => h.workspaces.list().some(({ startup }) => startup.at(-1)?.status === "running"));
  const seconds = async (): Promise<string> => {
    h.clock.advance(1_000);
    return said(h);
  };
  await expect.poll(seconds).toContain("slow.sh was ended after 5 s.");
  expect((await creating).startup.at(-1)?.message).toBe("0 of 1 done; slow.sh ended with 124");
});

test("they are run again without a start, all or one, also what a start does not wait for", async () => {
  await using h = createHarness();
  h.scripts.push({ name: "a.sh", content }, { name: "b.sh", content, background: true });
  await h.workspaces.create({ name: "demo" });
  h.programs[at("b.sh")] = () => ({ stdout: "b ran again\n", code: 7 });
  expect(await h.workspaces.runScripts("demo")).toEqual([
    { script: "a.sh", exitCode: 0 },
    { script: "b.sh", exitCode: 7 },
  ]);
  expect(await said(h)).toContain("b ran again");
  expect(await h.workspaces.runScripts("demo", { script: "a.sh" })).toEqual([{ script: "a.sh", exitCode: 0 }]);
  await expect(h.workspaces.runScripts("demo", { script: "c.sh" })).rejects.toMatchObject({
    code: "invalid_input",
    next: "It has: a.sh, b.sh.",
  });
  await h.workspaces.stop("demo");
  await expect(h.workspaces.runScripts("demo")).rejects.toMatchObject({ code: "workspace_not_running" });
});

test("two runs of one script, and a start, come one after the other", async () => {
  await using h = createHarness();
  let running = 0;
  let most = 0;
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let turn = 0;
  h.programs["script"] = async () => {
    most = Math.max(most, (running += 1));
    await gates[turn++]?.promise;
    running -= 1;
    return {};
  };
  h.scripts.push({ name: "a.sh", content });
  const creating = h.workspaces.create({ name: "demo" });
  await eventually(h.workspaces, () => h.workspaces.list().some(({ startup }) => startup.at(-1)?.status === "running"));
  const runs = [h.workspaces.runScripts("demo"), h.workspaces.runScripts("demo")];
  for (const gate of gates) gate.resolve();
  await Promise.all([creating, ...runs]);
  expect([most, turn]).toEqual([1, 3]);
});

test("an image's own /workspace/post-start.sh runs after the worker's, and is no part of what the worker puts there", async () => {
  await using h = createHarness();
  const ran: string[] = [];
  h.programs["script"] = ({ argv: [path] }) => {
    ran.push(path);
    return {};
  };
  h.scripts.push({ name: "a.sh", content });
  await givenImage(h, { "/workspace/post-start.sh": 0o755 });
  ran.length = 0;
  await h.workspaces.restart("demo");
  expect(ran).toEqual([at("a.sh"), "/workspace/post-start.sh"]);
  const { files } = await h.workspaces.box("demo");
  await files.write("/workspace/post-start.sh", content, { mode: 0o644 });
  await h.workspaces.restart("demo");
  expect(ran).toHaveLength(3);
});

test("what a program puts at /workspace/post-start.sh fails no start, and has no more time than the worker's scripts", async () => {
  await using h = createHarness();
  h.scripts.push({ name: "a.sh", content, failOnError: true });
  await givenImage(h, { "/workspace/post-start.sh": 0o755 });
  h.programs["/workspace/post-start.sh"] = () => ({ code: 1 });
  const failed = await h.workspaces.restart("demo");
  expect(failed).toMatchObject({ phase: "ready", power: "running" });
  expect(failed.startup.at(-1)?.message).toBe("1 of 2 done; /workspace/post-start.sh ended with 1");
  h.programs["/workspace/post-start.sh"] = h.programs["forever"] ?? (() => ({}));
  const starting = h.workspaces.restart("demo");
  const seconds = async (): Promise<string> => {
    h.clock.advance(10_000);
    return said(h);
  };
  await expect.poll(seconds).toContain("/workspace/post-start.sh was ended after 60 s.");
  expect(await starting).toMatchObject({ power: "running" });
});

test.each<[string, (h: Harness, asking: AbortController) => unknown]>([
  ["whoever asked for it", (_h, asking) => asking.abort()],
  ["a stop", ({ workspaces }) => workspaces.stop("demo")],
  ["a restart", ({ workspaces }) => workspaces.restart("demo")],
  ["a cleanup", ({ workspaces }) => workspaces.cleanup("demo")],
  ["the end of its execution", ({ workspaces }) => workspaces.endExecution("exec-1", { outcome: "failed" })],
  ["a delete", ({ workspaces }) => workspaces.delete("demo")],
])("what is run again is ended by %s, with all that waits behind it", async (_by, end) => {
  await using h = createHarness();
  const began = Promise.withResolvers<void>();
  const ran: string[] = [];
  const { forever } = h.programs;
  h.scripts.push({ name: "slow.sh", content }, { name: "next.sh", content });
  await h.workspaces.create({ name: "demo", execution: { id: "exec-1", role: "engineer" } });
  h.programs[at("slow.sh")] = (run) => {
    ran.push("slow.sh");
    began.resolve();
    return forever?.(run) ?? {};
  };
  h.programs[at("next.sh")] = () => {
    ran.push("next.sh");
    return {};
  };
  const asking = new AbortController();
  const runs = [1, 2].map(() => h.workspaces.runScripts("demo", { signal: asking.signal }));
  const refused = runs.map((run) => expect(run).rejects.toMatchObject({ code: "aborted" }));
  await began.promise;
  // A restart runs what is there by then.
  h.scripts.length = 0;
  await end(h, asking);
  await Promise.all(refused);
  expect(ran).toEqual(["slow.sh"]);
});

test.each([
  ["the create", async ({ workspaces }: Harness) => ({ up: workspaces.create(OF_EXECUTION), left: "nothing" })],
  [
    "a restart",
    async ({ workspaces, scripts }: Harness) => {
      const late = scripts.splice(0);
      await workspaces.create(OF_EXECUTION);
      scripts.push(...late);
      return { up: workspaces.restart("demo"), left: "nothing" };
    },
  ],
  [
    "a restart of one on lease, which stays as it is",
    async ({ workspaces, scripts, leased }: Harness) => {
      const late = scripts.splice(0);
      const { id } = await workspaces.create(OF_EXECUTION);
      leased.set(id, { id: "lease-1", holder: "ada" });
      scripts.push(...late);
      return { up: workspaces.restart("demo"), left: "demo" };
    },
  ],
])("an execution that ends waits for no script of %s", async (_which, begin) => {
  await using h = createHarness();
  const began = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  h.scripts.push({ name: "slow.sh", content });
  h.programs[at("slow.sh")] = async ({ signal }) => {
    began.resolve();
    signal.addEventListener("abort", () => over.resolve(), { once: true });
    await over.promise;
    return {};
  };
  const { up, left } = await begin(h);
  const brought = up.then(
    () => "up",
    (error: unknown) => (error as { code: string }).code,
  );
  await began.promise;
  const ended = h.workspaces.endExecution("exec-1", { outcome: "failed" });
  if (left === "demo") over.resolve();
  const [result] = await ended;
  expect(result).toMatchObject({ name: "demo", kept: left === "demo" });
  expect(await brought).toBe(left === "demo" ? "up" : "aborted");
  expect(h.workspaces.list().map(({ name }) => name)).toEqual(left === "demo" ? ["demo"] : []);
});

test("who follows scripts that are run again hears each line, then how they ended; and who leaves ends them", async () => {
  await using h = createHarness();
  h.scripts.push({ name: "a.sh", content }, { name: "b.sh", content });
  await h.workspaces.create({ name: "demo" });
  h.programs[at("a.sh")] = () => ({ stdout: "one\ntwo\n", code: 3 });
  expect(await Array.fromAsync(h.workspaces.followScripts("demo"))).toEqual([
    { line: "one" },
    { line: "two" },
    { line: "The script a.sh ended with exit code 3." },
    { line: "script ran" },
    {
      outcomes: [
        { script: "a.sh", exitCode: 3 },
        { script: "b.sh", exitCode: 0 },
      ],
    },
  ]);
  const leaving = new AbortController();
  for (const leave of ["stops reading", "says so"]) {
    const [began, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    h.programs[at("b.sh")] = async ({ signal }) => {
      began.resolve();
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      over.resolve();
      return {};
    };
    const following = h.workspaces.followScripts("demo", { signal: leaving.signal });
    for (const line of ["one", "two", "The script a.sh ended with exit code 3."]) {
      expect((await following.next()).value).toEqual({ line });
    }
    await began.promise;
    if (leave === "stops reading") await following.return();
    else {
      const ended = following.next().catch((error: unknown) => error);
      leaving.abort();
      expect(await ended).toMatchObject({ code: "aborted" });
    }
    await over.promise;
  }
  await h.workspaces.stop("demo");
  await expect(Array.fromAsync(h.workspaces.followScripts("demo"))).rejects.toMatchObject({
    code: "workspace_not_running",
  });
});

test("who follows one script hears nothing of another that a start left running, whose lines stand in the log as ever", async () => {
  await using h = createHarness();
  const [goOn, said] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  h.scripts.push({ name: "server.sh", content, background: true }, { name: "a.sh", content });
  h.programs[at("server.sh")] = async ({ print }) => {
    await goOn.promise;
    await print(new TextEncoder().encode("from the server\n"));
    return {};
  };
  await h.workspaces.create({ name: "demo" });
  const logged = new AbortController();
  void (async () => {
    for await (const text of h.workspaces.logs("demo", { follow: true, signal: logged.signal })) {
      if (text.includes("from the server")) said.resolve();
    }
  })().catch(() => undefined);
  h.programs[at("a.sh")] = async () => {
    goOn.resolve();
    await said.promise;
    return { stdout: "one\n" };
  };
  expect(await Array.fromAsync(h.workspaces.followScripts("demo", { script: "a.sh" }))).toEqual([
    { line: "one" },
    { outcomes: [{ script: "a.sh", exitCode: 0 }] },
  ]);
  logged.abort();
});
