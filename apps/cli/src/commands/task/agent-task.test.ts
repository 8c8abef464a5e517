import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startAgent } from "@ws/agent";
import type { TaskInfo, TaskTool } from "@ws/rpc-contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EXIT } from "../../errors.ts";
import { run } from "../../run.ts";
import { createFakeIo } from "../../testing/fake-io.ts";

const configDirectory = mkdtempSync(join(tmpdir(), "ws-cli-"));
const tools = join(configDirectory, "tools");
let agent: Awaited<ReturnType<typeof startAgent>>;

/** Claude Code as far as its lines go: it asks where it is to, and says what it was told. */
const TOOL = `#!/bin/sh
prompt=$(cat)
echo '{"type":"system","subtype":"init","session_id":"one"}'
denials='[]'
case "$prompt" in *choose*) denials='[{"tool_name":"AskUserQuestion","tool_input":{"questions":[{"question":"Which?","options":[{"label":"Red"},{"label":"Blue"}]}]}}]' ;; esac
case "$prompt" in *silent*) exit 0 ;; esac
echo '{"type":"assistant","message":{"model":"m","content":[{"type":"text","text":"Working on it."}]}}'
printf '{"type":"result","subtype":"success","is_error":false,"result":"Told %s bytes","session_id":"one","permission_denials":%s}\n' "\${#prompt}" "$denials"
echo "args: $*" >&2
`;

async function wsWith(input: string, ...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
  const code = await run(argv, { ...io, stdin: Readable.from([input]), cwd: configDirectory });
  return { code, out: io.out(), err: io.err() };
}

const ws = (...argv: string[]): ReturnType<typeof wsWith> => wsWith("", ...argv);

beforeAll(async () => {
  mkdirSync(tools);
  writeFileSync(join(tools, "claude"), TOOL, { mode: 0o755 });
  const env = {
    PATH: `${tools}:${process.env["PATH"] ?? ""}`,
    HOME: configDirectory,
    WS_RUNTIME: "local",
    WS_LOCAL_SANDBOX: "none",
    WS_AGENTS_INSTALL: "false",
  };
  agent = await startAgent({ configDirectory, env, port: 0, write: () => {}, writeLog: () => {} });
  const key = await wsWith(randomBytes(16).toString("hex"), "credential", "set", "ANTHROPIC_API_KEY");
  const started = await ws("start", "demo");
  if (key.code !== EXIT.ok || started.code !== EXIT.ok) throw new Error(key.err + started.err);
});

afterAll(async () => {
  await ws("delete", "demo", "--yes");
  await agent.close();
  rmSync(configDirectory, { recursive: true });
});

describe("ws task, of coding tools", () => {
  test("gives one a prompt, shows what it said and how it was started", async () => {
    const { code, out, err } = await ws("task", "add", "demo", "--agent", "do this", "--model", "opus", "-f");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("Told 7 bytes");
    const [made] = JSON.parse((await ws("task", "list", "demo", "--json")).out) as TaskInfo[];
    const shown = await ws("task", "show", made?.id ?? "");
    expect(shown.out).toMatch(/^agent {7}do this$/m);
    expect(shown.out).toMatch(/^tool {8}claude, opus$/m);
    expect(shown.out).toMatch(/^timeout {5}2 h$/m);
    expect(shown.out).toMatch(/^may {9}change files$/m);
    expect(shown.out).toMatch(/\nTold 7 bytes\n$/);
    expect((await ws("task", "logs", made?.id ?? "", "--errors")).out).toMatch(/^args: .* --model opus\n$/);
    const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
    Object.assign(io.stdout, { isTTY: true });
    expect(await run(["task", "logs", made?.id ?? ""], io)).toBe(0);
    expect(io.out()).toBe("Working on it.\n");
  });

  test("takes the prompt from standard input, and the name of the tool before it", async () => {
    const { code, out } = await wsWith("as it is\n", "task", "add", "demo", "--agent", "claude", "-f", "-");
    expect([code, out]).toEqual([0, expect.stringContaining("Told 8 bytes")]);
    expect((await ws("task", "add", "demo", "--agent", "hi")).err).toContain("'hi' was read as the name of the tool");
    for (const words of [
      ["--agent"],
      ["--agent", "claude"],
      ["--agent", "x y", "--code", "sh"],
      ["--model", "m", "--", "ls"],
    ]) {
      expect((await ws("task", "add", "demo", ...words)).code).toBe(EXIT.usage);
    }
    expect((await ws("task", "add", "demo", "--agent", "gemini", "x")).err).toContain("no coding tool 'gemini'");
  });

  test("says what is asked and how to answer, and goes on with the answer", async () => {
    const asked = await ws("task", "add", "demo", "--agent", "choose one", "-f", "--no-wait");
    expect([asked.code, asked.out]).toEqual([EXIT.notRun, expect.stringContaining("Told 10 bytes")]);
    expect(asked.err).toContain("It asks: Which?\n  - Red\n  - Blue\nAnswer: ws task resume task-");
    const [waiting] = JSON.parse((await ws("task", "list", "--json", "--status", "waiting_input")).out) as TaskInfo[];
    const id = waiting?.id ?? "";
    expect((await ws("task", "show", id)).err).toContain("It asks: Which?");
    const bare = await ws("task", "resume", id);
    expect(bare.code).toBe(EXIT.usage);
    expect(bare.err).toMatch(/got none: Which\? \(invalid_input\)\n +\| - Red\n +\| - Blue\n +Answer: ws task resume /);
    const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
    const followed = run(["task", "logs", id, "-f"], io);
    await expect.poll(() => io.err()).toContain("It asks: Which?");
    const answered = await ws("task", "resume", id, "The", "blue", "one", "-f");
    expect([answered.code, answered.out]).toEqual([0, expect.stringContaining("Told 12 bytes")]);
    expect([await followed, io.out()]).toEqual([0, expect.stringContaining("Told 12 bytes")]);
    const again = await ws("task", "resume", id, "And more", "--json");
    expect(JSON.parse(again.out)).toMatchObject({ followUpOf: id, session: "one" });
    expect((await ws("task", "resume", id)).code).not.toBe(0);
  });

  test("says which login is missing, and which tools there are", async () => {
    const { code, err } = await ws("task", "add", "demo", "--agent", "codex", "x y", "-f", "--no-wait");
    expect([code, err]).toEqual([EXIT.notRun, expect.stringContaining("ws credential set CODEX_API_KEY")]);
    const queued = await ws("task", "add", "demo", "--agent", "codex", "x y");
    expect(queued.out).toMatch(/^task-\S+ {2}auth_failed {2}x y\n$/);
    const listed = await ws("task", "list", "--status", "auth_failed");
    expect(listed.out).toMatch(/ {2}auth_failed {2}/);
    expect(queued.err).toContain("ws credential set CODEX_API_KEY, then ws task resume task-");
    const [id = ""] = queued.out.split(" ");
    const silent = await ws("task", "logs", id);
    expect([silent.out, silent.err]).toEqual(["", expect.stringContaining("ws credential set CODEX_API_KEY")]);
    const resumed = await ws("task", "resume", id);
    expect([resumed.code, resumed.err]).toEqual([0, expect.stringContaining("ws credential set CODEX_API_KEY")]);
    const io = createFakeIo({ WS_CONFIG_DIR: configDirectory });
    let interrupt = (): void => undefined;
    Object.assign(io, { onInterrupt: (told: () => void) => ((interrupt = told), () => undefined) });
    const followed = run(["task", "add", "demo", "--agent", "codex", "x y", "-f"], io);
    await expect
      .poll(() => io.err())
      .toMatch(
        /then ws task resume (task-\S+)\.\nWaiting here until 'ws task resume \1' lets it go on\. Ctrl-C leaves it as it is; with --no-wait nothing waits\.\n$/,
      );
    interrupt();
    expect(await followed).toBe(EXIT.interrupted);
    const found = JSON.parse((await ws("task", "tools", "demo", "--json")).out) as TaskTool[];
    expect(found.find(({ name }) => name === "claude")).toMatchObject({ installed: true, login: "key" });
    expect((await ws("task", "tools", "demo")).out).toMatch(/^claude \(default\) +yes +a key +its own$/m);
  });

  test("fails what ends without a result, though its exit code says nothing of it", async () => {
    const { code, err } = await ws("task", "add", "demo", "--agent", "be silent", "-f");
    expect([code, err]).toEqual([EXIT.notRun, expect.stringContaining("failed (no_result)")]);
  });

  test("asks for an action on a file, on some lines of it, and with more words", async () => {
    expect((await wsWith("one\ntwo\nthree\n", "file", "write", "demo", "a.ts")).code).toBe(EXIT.ok);
    const asked = [
      "task",
      "add",
      "demo",
      "--action",
      "fix",
      "--path",
      "a.ts",
      "--lines",
      "2-3",
      "Keep",
      "it",
      "--json",
    ];
    const { out, err } = await ws(...asked);
    expect(err).toBe("");
    const made = JSON.parse(out) as TaskInfo;
    expect(made).toMatchObject({ action: "fix", title: "fix a.ts" });
    expect(made.prompt).toBe("fix a.ts, lines 2 to 3\n\nKeep it");
    expect((await ws("task", "add", "demo", "--action", "fix", "--lines", "3-2")).code).toBe(EXIT.usage);
    expect((await ws("task", "add", "demo", "--action", "dance")).code).toBe(EXIT.usage);
    expect((await ws("task", "add", "demo", "--action", "fix", "--path", "../x")).code).not.toBe(0);
  });

  test("takes a workspace of its own for a reference, and gives it back where nothing could be queued", async () => {
    const made = await ws("task", "add", "#git:scratch Write a poem", "-f");
    expect([made.code, made.out]).toEqual([0, expect.stringContaining("Told 12 bytes")]);
    const [, workspace = "", lease = ""] = /In (\S+)\. .*ws lease release (\S+)/.exec(made.err) ?? [];
    expect(JSON.parse((await ws("lease", "list", "--json")).out)).toMatchObject([{ id: lease, workspace }]);
    const refused = await ws("task", "add", "#git:scratch Write", "--agent", "gemini");
    expect(refused.err).toContain("no coding tool 'gemini'");
    expect(JSON.parse((await ws("lease", "list", "--json")).out)).toHaveLength(1);
    await ws("lease", "release", lease);
    await ws("delete", workspace, "--yes", "--force");
  });

  test("takes it only once what it comes after is done, and is shown with what it is made of until then", async () => {
    const due = new Date(Date.now() + 3_600_000).toISOString();
    const first = await ws("task", "add", "demo", "--not-before", due, "--json", "--", "true");
    const { id: before } = JSON.parse(first.out) as TaskInfo;
    const asked = ["task", "add", "#git:later Write a poem", "--after", before, "--key", "poem", "--json"];
    const made = await ws(...asked);
    expect([made.code, made.err]).toEqual([0, ""]);
    const task = JSON.parse(made.out) as TaskInfo;
    expect(task).toMatchObject({ status: "pending", workspace: "", workspaceId: "", reference: "#git:later" });
    expect((JSON.parse((await ws(...asked)).out) as TaskInfo).id).toBe(task.id);
    expect((await ws("task", "list")).out).toMatch(
      new RegExp(`^${task.id} +#git:later +pending \\(after ${before}\\) +Write a poem`, "m"),
    );
    expect((await ws("task", "show", task.id)).out).toMatch(/^workspace +none yet.*\n(?:.*\n)*of +#git:later$/m);
    expect(JSON.parse((await ws("lease", "list", "--json")).out)).toEqual([]);
    const action = await ws("task", "add", "#git:later", "--action", "review", "--after", before);
    expect([action.code, action.err]).toEqual([EXIT.usage, expect.stringContaining("no workspace yet")]);

    const second = await ws("task", "add", "#git:later Write another", "--key", "now", "-f");
    expect([second.code, second.out]).toEqual([0, expect.stringContaining("Told 13 bytes")]);
    const [lease] = JSON.parse((await ws("lease", "list", "--json")).out) as { id: string; workspace: string }[];
    const { out } = await ws("task", "list", "--status", "completed", "-n", "1", "--json");
    expect(JSON.parse(out)).toMatchObject([{ workspace: lease?.workspace, lease: lease?.id, reference: "#git:later" }]);
    await ws("task", "cancel", before);
    expect((await ws("task", "show", task.id)).out).toContain("cancelled (dependency_failed)");
    await ws("lease", "release", lease?.id ?? "");
    await ws("delete", lease?.workspace ?? "", "--yes", "--force");
  });
});
