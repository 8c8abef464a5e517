import { randomBytes } from "node:crypto";
import type { AuditEntry, TaskInput } from "@ws/rpc-contract";
import { createRedactor } from "../log/redact.ts";
import type { FakeProgram } from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { ATTACH, setUp } from "../testing/with-streams.ts";
import { asExecution } from "./execution.ts";
import { audited } from "../testing/audited.ts";

const SECONDS = expect.stringMatching(/^\d+(?:\.\d{1,3})?$/) as string;

const ending: FakeProgram = ({ argv }) => ({ code: Number(argv[1] ?? 0) });

describe("whoever ran something, where, with which end and for how long, is in the audit", () => {
  test("by workspaces.exec: in words, in a text, refused, and with what is no command at all", async () => {
    await using agent = await startTestAgent({ adapters: () => createFakeAdapters({ programs: { ending } }) });
    const { local } = agent;
    const secret = randomBytes(12).toString("hex");
    await local.workspaces.create({ name: "demo", env: { KEY: secret } });
    await local.workspaces.exec({ name: "demo", command: ["ending", "3", `a b ${secret}`], cwd: "/home/workspace" });
    await local.workspaces.exec({ name: "demo", command: "exit 4" });
    await local.workspaces.exec({ name: "demo", command: ["missing"] }).catch(() => undefined);
    await local.workspaces.exec({ name: "demo", command: [7] as never }).catch(() => undefined);
    const entries = (await audited(local, 4)).map(({ outcome, details }) => [outcome, details]);
    expect(entries).toEqual([
      ["invalid_input", { seconds: SECONDS }],
      ["command_not_found", { command: "missing", seconds: SECONDS }],
      ["ok", { command: "exit 4", exitCode: "4", seconds: SECONDS }],
      ["ok", { command: "ending 3 'a b [redacted]'", cwd: "/home/workspace", exitCode: "3", seconds: SECONDS }],
    ]);
  });

  test("by a task that is asked for, also where it is refused: its command, code, prompt or action, and no value", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    const secret = randomBytes(12).toString("hex");
    await local.workspaces.create({ name: "demo" });
    await local.policy.update({ name: "demo", set: { commands: ["none"] } });
    const specs: TaskInput["spec"][] = [
      { kind: "command", command: ["make", "a b", secret], env: { KEY: secret }, stdin: secret },
      { kind: "code", language: "sh", code: "echo 1\n" },
      { kind: "agent", prompt: "Fix it" },
      { kind: "action", action: "review", context: { selection: secret } },
    ];
    for (const spec of specs) await local.tasks.create({ name: "demo", spec }).catch(() => undefined);
    await local.tasks.create({ name: "demo", spec: "x" as never }).catch(() => undefined);
    const entries = (await audited(local)).filter(({ action }) => action === "tasks.create");
    expect(entries.map(({ outcome, details }) => [outcome, details])).toEqual([
      ["invalid_input", undefined],
      ["command_not_allowed", { command: "review" }],
      ["command_not_allowed", { command: "Fix it" }],
      ["command_not_allowed", { command: "echo 1" }],
      ["command_not_allowed", { command: "make 'a b' [redacted]" }],
    ]);
  });

  test("by a task, and by a script after a start", async () => {
    await using agent = await startTestAgent();
    const { local } = agent;
    await local.workspaces.create({ name: "demo" });
    await local.tasks.create({ name: "demo", spec: { kind: "command", command: "exit 3\n" } });
    const found = async (action: string): Promise<AuditEntry | undefined> =>
      (await local.audit.list()).find((entry) => entry.action === action);
    await expect
      .poll(() => found("tasks.end"))
      .toMatchObject({
        who: "local",
        target: "demo",
        outcome: "command_failed",
        details: { command: String.raw`sh -c 'exit 3\n'`, exitCode: "3", seconds: SECONDS },
      });
    await expect
      .poll(() => found("workspaces.script"))
      .toMatchObject({
        who: "agent",
        target: "demo",
        outcome: "ok",
        details: { command: "post-start.sh", exitCode: "0", seconds: SECONDS },
      });
  });

  test("by a terminal: its opening with what was to run in it, and its end, once, whoever looked", async () => {
    const { audit, terminals, clock, open } = await setUp();
    const first = await open("/terminal/alpha");
    first.say({ ...ATTACH, command: ["make", "all"] });
    await first.frame("attached");
    const second = await open("/terminal/alpha");
    second.say(ATTACH);
    await second.frame("attached");
    clock.advance(2_500);
    terminals.exit("main", 7);
    await Promise.all([first.frame("exit"), second.frame("exit")]);
    const common = { target: "alpha", who: "scoped", outcome: "ok" };
    await expect.poll(() => audit.length).toBe(3);
    expect(audit).toEqual([
      { ...common, action: "terminal", details: { terminal: "main", opened: "true", command: "make all" } },
      { ...common, action: "terminal", details: { terminal: "main" } },
      { ...common, action: "terminal.end", details: { terminal: "main", exitCode: "7", seconds: SECONDS } },
    ]);
  });

  test("by a terminal that ran before this agent: its end, and not that of one which had ended", async () => {
    const { audit, terminals, open } = await setUp();
    for (const id of ["old", "over"]) await terminals.open({ id, size: { cols: 80, rows: 24 } });
    terminals.exit("over", 0);
    for (const terminal of ["old", "over"]) {
      const client = await open("/terminal/alpha");
      client.say({ ...ATTACH, terminal, create: false });
      await client.frame("attached");
      if (terminal === "old") terminals.exit("old", 1);
      await client.closed;
    }
    await expect.poll(() => audit.length).toBe(3);
    expect(audit.filter(({ action }) => action === "terminal.end")).toEqual([
      expect.objectContaining({ who: "agent", details: { terminal: "old", exitCode: "1", seconds: SECONDS } }),
    ]);
  });
});

describe("what is kept of a command", () => {
  test("is no secret that the worker knows, and no value of a variable that came with it", () => {
    const redactor = createRedactor();
    const secret = randomBytes(12).toString("hex");
    const given = randomBytes(12).toString("hex");
    redactor.add(secret);
    const command = ["curl", "-H", `Authorization: Bearer ${secret}`, `https://x.test/?key=${given}`];
    const kept = asExecution({ command, env: { KEY: given, CI: "1" } }, redactor.clean);
    expect(kept).toEqual({ command: "curl -H 'Authorization: Bearer [redacted]' 'https://x.test/?key=[redacted]'" });
  });

  test("is its words as they would be typed, and nothing of what is none", () => {
    const kept = (command: unknown): unknown => asExecution({ command }, String)["command"];
    expect(kept(["a", "b c", "it's", ""])).toBe(`a 'b c' 'it'\\''s' ''`);
    expect(kept("print(1)\r\nprint(2)\n\n")).toBe("print(1)\\nprint(2)");
    for (const command of [undefined, null, 7, {}, [], [7, null], ""]) expect(kept(command)).toBeUndefined();
  });
});
