import { describe, expect, onTestFinished, test } from "vitest";
import type { Box } from "../ports.ts";
import { createFakeBox } from "../testing/fake-box.ts";
import { createFakeHome } from "../testing/fake-home.ts";
import { newRecord } from "../testing/new-record.ts";
import { createHarness } from "../testing/harness.ts";
import { readUsage } from "./read-usage.ts";
import type { UsageEntry } from "./usage-entry.ts";
import type { LogCursor, UsageLog } from "./usage-log.ts";

const now = Date.parse("2026-11-22T21:20:00Z");
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What is taken, and how far it was read. */
function createTaken(): UsageLog & { entries: UsageEntry[]; log: Map<string, LogCursor> } {
  const log = new Map<string, LogCursor>();
  const entries: UsageEntry[] = [];
  return {
    entries,
    log,
    cursors: () => new Map(log),
    forget: (_, gone) => gone.forEach((name) => log.delete(name)),
    take(_, batch) {
      entries.push(...batch.entries);
      log.set(batch.cursor.log, batch.cursor);
    },
  };
}

function setUp(env: Record<string, string> = {}) {
  const home = createFakeHome("ws-000001");
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const opencode: { rows: unknown[][]; asked: string[] } = { rows: [], asked: [] };
  const box: Box = createFakeBox(home, ended.signal, {
    sh: ({ argv }) => {
      opencode.asked.push(argv.at(-1) ?? "");
      return { stdout: opencode.rows.map((row) => `${JSON.stringify({ row })}\n`).join("") };
    },
  });
  const usage = createTaken();
  const write = (path: string, text: string): Promise<void> => {
    const parts = `/home/workspace/${path}`.split("/");
    return box.files
      .mkdir(parts.slice(0, -1).join("/"))
      .then(() => box.files.write(parts.join("/"), new TextEncoder().encode(text)));
  };
  const read = async (): Promise<string[]> => {
    usage.entries.length = 0;
    const signal = new AbortController().signal;
    await readUsage({ record: newRecord("demo"), box, env, usage, now: () => now, log: silent, signal });
    return usage.entries.map(({ key }) => key);
  };
  return { home, opencode, usage, write, read };
}

const line = (id: string): string =>
  `${JSON.stringify({
    type: "assistant",
    timestamp: "2026-11-22T21:19:00Z",
    message: { id, model: "claude-opus-5-5", usage: { input_tokens: 1, output_tokens: 2 } },
  })}\n`;
const LOG = ".claude/projects/-home-workspace-app/6ce9c3f5.jsonl";

describe("What coding tools wrote in a home", () => {
  test("is read from where it was left, and a line once it has its end", async () => {
    const { write, read } = setUp();
    expect(await read()).toEqual([]);
    await write(LOG, line("a") + line("b").slice(0, 30));
    expect(await read()).toEqual(["a"]);
    await write(LOG, `${line("a")}${line("b")}${line("c")}`);
    await write(".claude/projects/x/6ce9/subagents/agent-1.jsonl", line("d"));
    expect((await read()).toSorted()).toEqual(["b", "c", "d"]);
    expect(await read()).toEqual([]);
  });

  test("is read from its beginning where it was written anew", async () => {
    const { write, read } = setUp();
    await write(LOG, line("a") + line("b"));
    await read();
    await write(LOG, line("c"));
    expect(await read()).toEqual(["c"]);
  });

  test("is not looked for where a link leads, nor in what is none of its files", async () => {
    const { home, write, read } = setUp();
    await write("elsewhere/x.jsonl", line("a"));
    home.directories.add("/home/workspace/.claude").add("/home/workspace/.claude/projects");
    home.links.set("/home/workspace/.claude/projects/app", "/home/workspace/elsewhere");
    home.links.set("/home/workspace/.claude/projects/one.jsonl", "../../elsewhere/x.jsonl");
    home.links.set("/home/workspace/.codex", "/etc");
    await write(".claude/projects/note.txt", line("b"));
    expect(await read()).toEqual([]);
  });

  test("is looked for where the tool's variable says, within the home only", async () => {
    const inside = setUp({ CLAUDE_CONFIG_DIR: "/home/workspace/.config/claude/" });
    await inside.write(".config/claude/projects/x/a.jsonl", line("a"));
    expect(await inside.read()).toEqual(["a"]);
    for (const path of ["/etc/claude", "/home/workspace/../../etc", "relative"]) {
      const outside = setUp({ CLAUDE_CONFIG_DIR: path });
      await outside.write(LOG, line("a"));
      expect(await outside.read()).toEqual(["a"]);
    }
  });

  test("is known no longer than it lies there, and stays known where not all of it could be looked at", async () => {
    const { home, usage, write, read } = setUp();
    await write(LOG, line("a"));
    await write(".codex/sessions/2026/rollout-1.jsonl", "{}\n");
    await write(".local/share/opencode/opencode.db", "1");
    await read();
    const known = () => [...usage.log.keys()].toSorted();
    expect(known()).toEqual([LOG, ".codex/sessions/2026/rollout-1.jsonl", "opencode.db"].toSorted());
    home.files.delete(`/home/workspace/${LOG}`);
    for (let index = 0; index < 5_001; index += 1)
      home.files.set(`/home/workspace/.claude/projects/${index}.jsonl`, { content: new Uint8Array(), mode: 0o644 });
    await read();
    expect(known()).toContain(LOG);
    for (let index = 0; index < 5_001; index += 1) home.files.delete(`/home/workspace/.claude/projects/${index}.jsonl`);
    await read();
    expect(known()).toEqual([".codex/sessions/2026/rollout-1.jsonl", "opencode.db"]);
  });

  test("holds up nobody with lines that have no end, no sense or no bounds", async () => {
    const { write, read } = setUp();
    const flood = line("too long").replace("{", `{"x":"${"x".repeat(1024 * 1024)}",`);
    await write(LOG, `${flood}\u0000\uFFFF{"usage" "assistant"\n[[[[\n${line("a")}`);
    expect(await read()).toEqual(["a"]);
  });
});

describe("OpenCode's database", () => {
  const row = (id: string, updated: number, cost: unknown = 0.5): unknown[] =>
    [id, "ses_1", updated, now - 1_000, "anthropic", "claude-opus-5-5", 11, 50, 5, 300, 2000, cost]; // prettier-ignore

  test("is asked for what came after what is known, and only where it has changed", async () => {
    const { opencode, usage, write, read } = setUp();
    expect(await read()).toEqual([]);
    expect(opencode.asked).toEqual([]);
    await write(".local/share/opencode/opencode.db", "1");
    opencode.rows = [row("msg_1", 5), row("msg_2", 6, 0)];
    expect(await read()).toEqual(["msg_1", "msg_2"]);
    expect(usage.entries[0]).toMatchObject({
      tool: "opencode",
      model: "anthropic/claude-opus-5-5",
      session: "ses_1",
      counts: { input: 11, output: 55, cacheRead: 300, cacheWrite: 2000, cacheWriteLong: 0 },
      reasoning: 5,
      toldCost: 0.5,
    });
    expect(usage.entries[1]).not.toHaveProperty("toldCost");
    expect(await read()).toEqual([]);
    expect(opencode.asked).toHaveLength(1);
    await write(".local/share/opencode/opencode.db", "12");
    opencode.rows = [];
    await read();
    expect(opencode.asked[1]).toContain("(time_updated, id) > (6, 'msg_2')");
  });

  test("is believed no more than a file: what is none of its rows is left out, and a name becomes no part of a question", async () => {
    const { opencode, write, read } = setUp();
    await write(".local/share/opencode/opencode.db", "1");
    opencode.rows = [
      row("x'); DROP TABLE message; --", 5),
      ["msg_1"],
      row("msg_2", Number.MAX_VALUE),
      row("msg_3", 7, "free"),
      [...row("msg_4", 8).slice(0, 6), -1, "x", null, 1e300],
    ];
    expect(await read()).toEqual(["msg_3"]);
    await write(".local/share/opencode/opencode.db", "12");
    await read();
    expect(opencode.asked[1]).toContain("> (8, 'msg_4')");
  });
});

describe("A running workspace", () => {
  test("is read before it stops and before it goes, and being looked at is no use of it", async () => {
    const usageLog = createTaken();
    await using harness = createHarness({ usageLog });
    const { workspaces, clock } = harness;
    const { id, lastUsedAt } = await workspaces.create({ name: "demo" });
    const write = async (path: string, text: string): Promise<void> => {
      const box = await workspaces.box("demo");
      await box.files.mkdir("/home/workspace/.claude/projects");
      await box.files.write(`/home/workspace/.claude/projects/${path}`, new TextEncoder().encode(text));
    };
    const said = (key: string): string =>
      line(key).replace("2026-11-22T21:19:00Z", new Date(clock.now()).toISOString());
    await write("a.jsonl", said("a"));
    clock.advance(120_000);
    await workspaces.readUsage(id, new AbortController().signal);
    expect(workspaces.get("demo").lastUsedAt).toBe(lastUsedAt);
    await write("b.jsonl", said("b"));
    await workspaces.stop("demo");
    await workspaces.readUsage(id, new AbortController().signal);
    await workspaces.start("demo");
    await write("c.jsonl", said("c"));
    await workspaces.delete("demo", { force: true });
    expect(usageLog.entries.map(({ key }) => key)).toEqual(["a", "b", "c"]);
  });
});
