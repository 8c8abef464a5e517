import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startAgent } from "@ws/agent";
import type { TaskInfo } from "@ws/rpc-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "../../errors.ts";
import { run } from "../../run.ts";
import { createFakeIo } from "../../testing/fake-io.ts";

const configDirectory = mkdtempSync(join(tmpdir(), "ws-cli-"));
let agent: Awaited<ReturnType<typeof startAgent>>;

async function ws(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  return wsWith("", ...argv);
}

async function wsWith(input: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
  const code = await run(argv, { ...io, stdin: Readable.from([input]), cwd: configDirectory });
  return { code, out: io.out(), err: io.err() };
}

async function added(...argv: string[]): Promise<TaskInfo> {
  const { out, err } = await ws("task", "add", "demo", "--json", ...argv);
  expect(err).toBe("");
  return JSON.parse(out) as TaskInfo;
}

const statusOf = async (id: string): Promise<string> =>
  (JSON.parse((await ws("task", "show", id, "--json")).out) as TaskInfo).status;

beforeAll(async () => {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: configDirectory,
    WS_RUNTIME: "local",
    WS_LOCAL_SANDBOX: "none",
  };
  agent = await startAgent({ configDirectory, env, port: 0, write: () => {}, writeLog: () => {} });
  const started = await ws("start", "demo");
  if (started.code !== EXIT.ok) throw new Error(started.err);
});

afterAll(async () => {
  await ws("delete", "demo", "--yes");
  await agent.close();
  rmSync(configDirectory, { recursive: true });
});

describe("ws task", () => {
  test("queues a command, shows what it said and exits with its code", async () => {
    const followed = await ws("task", "add", "demo", "--follow", "--", "sh", "-c", "echo one; echo two >&2; exit 3");
    expect([followed.code, followed.out]).toEqual([3, "one\ntwo\n"]);
    expect(followed.err).toMatch(/^task-[a-z0-9]{12} {2}failed \(exit code 3\) {2}sh -c/);
    const [id = ""] = followed.err.split(" ");
    expect((await ws("task", "logs", id)).out).toBe("one\ntwo\n");
    expect((await ws("task", "logs", id, "-f")).code).toBe(3);
    const last = await ws("task", "logs", id, "-n", "1");
    expect([last.out, last.err]).toEqual(["two\n", ""]);
    expect((await ws("task", "logs", id, "--tail", "1", "-f")).out).toBe("two\n");
    expect((await ws("task", "logs", id, "--errors")).out).toBe("");
    const shown = await ws("task", "show", id);
    expect(shown.out).toMatch(
      /^task {8}task-\S+\ntitle {7}sh -c .*\nworkspace {3}demo\nstatus {6}failed \(exit code 3\)\nsince {7}\S/,
    );
    const again = await ws("task", "retry", id, "--follow", "--json");
    expect([again.code, (JSON.parse(again.out) as TaskInfo).retryOf]).toEqual([3, id]);
  });

  test("says why one could not be begun, also of a command whose words were given as one", async () => {
    const missing = await ws("task", "add", "demo", "-f", "--", "no-such-command");
    expect(missing.code).toBe(EXIT.notRun);
    expect(missing.err).toContain("There is no command 'no-such-command' in this workspace. Check how it is written");
    const asOne = await ws("task", "add", "demo", "-f", "--", "echo one two");
    expect(asOne.err).toContain("Give its words separately, as NAME -- WORD WORD, or let a shell read them: -- sh -c");
  });

  test.each([
    [["add", "demo", "--after", "x", "--", "true"], /^ws: --after .*\n.*task-0123456789ab/],
    [["add", "demo", "--not-before", "tomorrow", "--", "true"], /^ws: --not-before .*\n.*2026-03-01T06:00:00Z/],
    [["list", "-n", "99999"], /^ws: -n is too large/],
  ])("names the option in what it refuses: %j", async (words, said) => {
    const refused = await ws("task", ...words);
    expect([refused.code, refused.err]).toEqual([EXIT.usage, expect.stringMatching(said)]);
  });

  test("gives a command its variables, its directory and its input", async () => {
    const options = ["--env", "A=1", "--cwd", "/", "--stdin", "--follow"];
    const { code, out } = await wsWith(
      "given",
      "task",
      "add",
      "demo",
      ...options,
      "--",
      "sh",
      "-c",
      "echo $A; pwd; cat",
    );
    expect([code, out]).toEqual([0, "1\n/\ngiven"]);
  });

  test("runs code that is given on standard input", async () => {
    const { code, out } = await wsWith("echo $((6 * 7))", "task", "add", "demo", "--code", "sh", "-f");
    expect([code, out]).toEqual([0, "42\n"]);
    expect((await wsWith("x", "task", "add", "demo", "--code", "sh", "--", "ls")).code).toBe(EXIT.usage);
    expect((await ws("task", "add", "demo", "--code", "cobol")).code).toBe(EXIT.usage);
    expect((await ws("task", "add", "demo")).code).toBe(EXIT.usage);
  });

  test("queues one after the other, lists them, and cancels with all that depends on it", async () => {
    const first = await added("--title", "First", "--", "sleep", "1000");
    const second = await added("--title", "Second", "--after", first.id, "--priority", "5", "--", "true");
    await expect.poll(() => statusOf(first.id)).toBe("running");
    const listed = await ws("task", "list", "demo", "--status", "running", "--status", "pending");
    expect(listed.out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 4))).toEqual([
      ["TASK", "WORKSPACE", "STATUS", "TITLE"],
      [second.id, "demo", `pending (after ${first.id})`, "Second"],
      [first.id, "demo", "running", "First"],
      [""],
    ]);
    expect((await ws("task", "show", second.id)).err).toContain(`It waits for ${first.id} to be completed.`);
    expect((await ws("task", "cancel", first.id)).out).toBe(`${first.id}  cancelled  First\n`);
    expect(await statusOf(second.id)).toBe("cancelled");
    expect((await ws("task", "show", second.id)).err).toContain(first.id);
    const refused = await ws("task", "retry", second.id);
    expect([refused.code, refused.out]).toEqual([EXIT.failed, ""]);
    expect(refused.err).toContain(`comes after ${first.id}, which was cancelled. (dependency_failed)`);
    expect(refused.err).toContain(`ws task retry ${first.id}`);
    const [before = ""] = (await ws("task", "retry", first.id)).out.split(" ");
    const again = await ws("task", "retry", second.id);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining(`pending (after ${before})`)]);
    const [id = ""] = again.out.split(" ");
    const waiting = await ws("task", "show", id);
    expect(waiting.out).toMatch(new RegExp(`^after +${before}\nretry of +${second.id}$`, "m"));
    await ws("task", "cancel", before);
    expect(await statusOf(id)).toBe("cancelled");
    const followed = await ws("task", "logs", second.id, "-f");
    expect([followed.code, followed.out]).toEqual([EXIT.notRun, ""]);
  });

  test("gives one task under one key, and refuses another under it", async () => {
    const one = await added("--key", "build", "--", "true");
    expect((await added("--key", "build", "--", "true")).id).toBe(one.id);
    expect((await ws("task", "add", "demo", "--key", "build", "--", "false")).code).toBe(EXIT.conflict);
  });

  test("ends what takes too long", async () => {
    const { code, err } = await ws("task", "add", "demo", "--timeout", "1s", "-f", "--", "sleep", "1000");
    expect(code).toBe(EXIT.timedOut);
    expect(err).toContain("failed (timeout)");
  });

  test("says where the output of a stopped workspace lies", async () => {
    await ws("start", "stopped");
    const { out } = await ws("task", "add", "stopped", "--json", "--", "true");
    const { id } = JSON.parse(out) as TaskInfo;
    await expect.poll(() => statusOf(id)).toBe("completed");
    await ws("stop", "stopped");
    const { code, err } = await ws("task", "logs", id);
    expect(code).not.toBe(0);
    expect(err).toContain(`What ${id} said lies in 'stopped', which is stopped.`);
    expect(err).toContain("ws start stopped");
    await ws("delete", "stopped", "--yes");
  });

  test("says what there is not", async () => {
    expect((await ws("task", "show", "task-000000000000")).code).toBe(EXIT.notFound);
    expect((await ws("task", "show", "nothing")).code).toBe(EXIT.usage);
    expect((await ws("task", "add", "nowhere", "--", "true")).code).toBe(EXIT.notFound);
    const none = await ws("task", "add", "demo", "-f", "--", "no-such-command");
    expect(none.code).not.toBe(0);
    expect(none.err).toContain("failed");
  });
});
