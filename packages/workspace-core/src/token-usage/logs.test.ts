import { describe, expect, test } from "vitest";
import { CLAUDE_LOGS } from "./claude-log.ts";
import { CODEX_LOGS } from "./codex-log.ts";
import type { LogReader } from "./log-reader.ts";
import { believed, type FoundUsage } from "./usage-entry.ts";

const AT = "2026-11-22T21:19:47.159Z";
const now = Date.parse(AT) + 60_000;
const all = (reader: LogReader, lines: readonly (object | string)[]): FoundUsage[] =>
  lines.flatMap((line) => reader.line(typeof line === "string" ? line : JSON.stringify(line)) ?? []);

/** As Claude Code 2.1.330 writes an answer, without what was said. */
const answer = (id: string, usage: object, rest: object = {}): object => ({
  parentUuid: "71c6a07b-590b-4026-a792-f87f2ed63155",
  isSidechain: false,
  message: { type: "message", role: "assistant", model: "claude-sonnet-4-5", content: [], id, usage },
  requestId: `req_${id}`,
  type: "assistant",
  uuid: "3af394f3-d61b-4062-ade9-2189c3186636",
  timestamp: AT,
  sessionId: "6ce9c3f5-4964-435c-a08a-b6776effd0e6",
  ...rest,
});
const CACHED = {
  input_tokens: 11,
  cache_creation_input_tokens: 2000,
  cache_read_input_tokens: 300,
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 20 },
  cache_creation: { ephemeral_1h_input_tokens: 800, ephemeral_5m_input_tokens: 1200 },
  speed: "standard",
};

describe("A log of Claude Code", () => {
  test("tells each answer with its kinds of tokens, each part of it under the same key", () => {
    const found = all(CLAUDE_LOGS.reader(undefined), [
      { type: "user", message: { role: "user", content: 'about "usage" of an "assistant"' } },
      answer("msg_1", CACHED),
      answer("msg_1", CACHED),
    ]);
    expect(found).toHaveLength(2);
    expect(new Set(found.map(({ key }) => key))).toEqual(new Set(["msg_1"]));
    expect(believed(found[0] as FoundUsage, now)).toEqual({
      key: "msg_1",
      tool: "claude",
      model: "claude-sonnet-4-5",
      at: Date.parse(AT),
      session: "6ce9c3f5-4964-435c-a08a-b6776effd0e6",
      counts: { input: 11, output: 50, cacheRead: 300, cacheWrite: 1200, cacheWriteLong: 800 },
      reasoning: 20,
    });
  });

  test("tells of the faster way to answer, which has a price of its own, and nothing of what no model said", () => {
    const found = all(CLAUDE_LOGS.reader(undefined), [
      answer("msg_1", { ...CACHED, speed: "fast" }),
      answer("msg_2", CACHED, { message: { model: "<synthetic>", id: "x", usage: CACHED } }),
      "[object Object]",
      '{"type":"assistant","message":{"usage":',
      '["assistant","usage"]',
      "null",
    ]);
    expect(found.map(({ model }) => model)).toEqual(["claude-sonnet-4-5-fast"]);
  });
});

const THREAD = "01a20521-1f62-7bb1-8e0b-e7f56d941d51";
const line = (type: string, payload: object, timestamp = AT): object => ({ timestamp, ordinal: 1, type, payload });
const tokens = (input: number, output: number): object => ({
  input_tokens: input,
  cached_input_tokens: 400,
  cache_write_input_tokens: 100,
  output_tokens: output,
  reasoning_output_tokens: 30,
  total_tokens: input + output,
});
const META = line("session_meta", { id: THREAD, source: "exec" });
const MODEL = line("turn_context", { turn_id: "t", model: "gpt-6.1-sol" });
const record = (id: string, usage: object, thread: object): object =>
  line("token_usage_record", { thread_id: THREAD, response_id: id, usage, thread_token_usage: thread });
const count = (total: object, last: object, timestamp?: string): object =>
  line("event_msg", { type: "token_count", info: { total_token_usage: total, last_token_usage: last } }, timestamp);

describe("A log of Codex", () => {
  test("tells an answer once, which it writes as a record and as a count; what was cached is no input", () => {
    const found = all(CODEX_LOGS.reader(undefined), [
      META,
      MODEL,
      record("resp_1", tokens(1000, 70), tokens(1000, 70)),
      count(tokens(1000, 70), tokens(1000, 70)),
      record("resp_2", tokens(2000, 80), tokens(3000, 150)),
      count(tokens(3000, 150), tokens(2000, 80)),
    ]);
    expect(found.map(({ key }) => key)).toEqual(["resp_1", "resp_2"]);
    expect(found[0]).toEqual({
      key: "resp_1",
      tool: "codex",
      model: "gpt-6.1-sol",
      at: Date.parse(AT),
      session: THREAD,
      counts: { input: 500, output: 70, cacheRead: 400, cacheWrite: 100, cacheWriteLong: 0 },
      reasoning: 30,
    });
  });

  test("of an older version, which has only counts, tells what each adds, and none twice that is said again", () => {
    const found = all(CODEX_LOGS.reader(undefined), [
      META,
      MODEL,
      count(tokens(1000, 70), tokens(1000, 70)),
      count(tokens(1000, 70), tokens(1000, 70)),
      line("event_msg", { type: "token_count", info: null }),
      count(tokens(3000, 150), tokens(2000, 80)),
    ]);
    expect(found.map(({ counts }) => counts.input + counts.cacheRead + counts.cacheWrite)).toEqual([1000, 2000]);
  });

  test("that begins as the copy of another conversation tells only what came after it", () => {
    const found = all(CODEX_LOGS.reader(undefined), [
      line("session_meta", { id: THREAD, forked_from_id: "other" }),
      MODEL,
      count(tokens(1000, 70), tokens(1000, 70)),
      count(tokens(3000, 150), tokens(2000, 80)),
      count(tokens(3500, 160), tokens(500, 10), "2026-11-22T21:20:47.159Z"),
    ]);
    expect(found.map(({ key }) => key)).toEqual([`${THREAD}:3660`]);
  });

  test("is gone on with where it was left, with what was known by then", () => {
    const first = CODEX_LOGS.reader(undefined);
    all(first, [META, MODEL, record("resp_1", tokens(1000, 70), tokens(1000, 70))]);
    const second = CODEX_LOGS.reader(first.state());
    expect(all(second, [count(tokens(1000, 70), tokens(1000, 70))])).toEqual([]);
    expect(all(second, [count(tokens(1600, 70), tokens(600, 0))])).toMatchObject([
      { model: "gpt-6.1-sol", session: THREAD },
    ]);
  });

  test.each(["", "{}", '{"total":-1}', '{"total":"x","session":"../x"}', "[]"])("takes up the state %j", (state) => {
    expect(all(CODEX_LOGS.reader(state), [MODEL, count(tokens(1000, 70), tokens(1000, 70))])).toHaveLength(1);
  });
});

describe("What a log says is believed", () => {
  const found: FoundUsage = {
    key: "k",
    tool: "claude",
    model: "m",
    at: now,
    counts: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, cacheWriteLong: 0 },
  };

  test.each<[string, Partial<FoundUsage>]>([
    ["without anything it is known by", { key: undefined }],
    ["with a key that is none", { key: "a\nb" }],
    ["with less than nothing", { counts: { ...found.counts, input: -1 } }],
    ["with a part of a token", { counts: { ...found.counts, output: 0.5 } }],
    ["with what is no number", { counts: { ...found.counts, cacheRead: Number.NaN } }],
    ["with more than any model can", { counts: { ...found.counts, cacheRead: 1e15 } }],
    ["with nothing used", { counts: { ...found.counts, input: 0, output: 0 } }],
    ["to come", { at: now + 3_600_000 }],
    ["at no time", { at: Number.NaN }],
    ["of long ago", { at: 0 }],
  ])("not %s", (_, given) => {
    expect(believed({ ...found, ...given }, now)).toBeUndefined();
  });

  test("but for a name or a cost that cannot be one", () => {
    const entry = believed({ ...found, model: "<script>", session: "a b", toldCost: -1, at: now + 1_000 }, now);
    expect(entry).toEqual({ ...found, model: "", reasoning: 0 });
    expect(believed({ ...found, toldCost: 0.5, reasoning: 7 }, now)).toMatchObject({ toldCost: 0.5, reasoning: 1 });
  });
});
