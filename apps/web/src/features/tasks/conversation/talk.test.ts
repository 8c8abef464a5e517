import fc from "fast-check";
import { expect, test } from "vitest";
import { createTalk, type TalkItem } from "./talk.ts";

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

function talkOf(...texts: string[]): readonly TalkItem[] {
  const talk = createTalk();
  let end = 0;
  for (const text of texts) {
    const offset = end;
    end += new TextEncoder().encode(text).length;
    talk.add({ attempt: 1, offset, end, text });
  }
  return talk.items();
}

test("Claude Code: what it says, thinks and does, with what came of each tool, and its end once", () => {
  const assistant = (content: unknown[]) => line({ type: "assistant", message: { content } });
  expect(
    talkOf(
      line({ type: "system", subtype: "init", session_id: "s" }),
      assistant([{ type: "thinking", thinking: "Hm." }]),
      assistant([
        { type: "text", text: "I look." },
        { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } },
      ]),
      line({ type: "user", message: { content: [{ type: "tool_result", tool_use_id: "t1", content: "a.ts" }] } }),
      assistant([{ type: "tool_use", id: "t2", name: "Edit", input: { file_path: "a.ts", old_string: "x" } }]),
      line({
        type: "user",
        message: {
          content: [
            { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "no" }], is_error: true },
          ],
        },
      }),
      assistant([{ type: "text", text: "Done." }]),
      line({ type: "result", subtype: "success", is_error: false, result: "Done." }),
    ),
  ).toEqual([
    { kind: "thought", text: "Hm." },
    { kind: "text", text: "I look." },
    { kind: "tool", id: "t1", name: "Bash", detail: "ls", output: "a.ts" },
    { kind: "tool", id: "t2", name: "Edit", detail: "a.ts", output: "no", failed: true },
    { kind: "text", text: "Done." },
  ]);
});

test("Codex: an item that goes on is one item, and what failed says so", () => {
  const item = (type: string, value: object) => line({ type, item: { id: "i1", type: "command_execution", ...value } });
  expect(
    talkOf(
      item("item.started", { command: "npm test", status: "in_progress" }),
      item("item.completed", {
        command: "npm test",
        aggregated_output: "\u001b[31mred\u001b[0m\n",
        exit_code: 1,
        status: "failed",
      }),
      line({
        type: "item.completed",
        item: { id: "i2", type: "file_change", changes: [{ kind: "update", path: "a.ts" }] },
      }),
      line({ type: "item.completed", item: { id: "i3", type: "agent_message", text: "Sorry." } }),
      line({ type: "turn.failed", error: { message: "No more." } }),
    ),
  ).toEqual([
    { kind: "tool", id: "i1", name: "Shell", detail: "npm test", output: "red\n", failed: true },
    { kind: "tool", id: "i2", name: "Edit", detail: "update a.ts" },
    { kind: "text", text: "Sorry." },
    { kind: "error", text: "No more." },
  ]);
});

test("OpenCode: its text, its tools and its errors", () => {
  expect(
    talkOf(
      line({ type: "step_start", sessionID: "s", part: {} }),
      line({
        type: "tool_use",
        part: { callID: "c", tool: "bash", state: { input: { command: "ls" }, output: "a", status: "completed" } },
      }),
      line({ type: "text", part: { text: "There it is." } }),
      line({ type: "error", error: { name: "APIError", data: { message: "Too many." } } }),
    ),
  ).toEqual([
    { kind: "tool", id: "c", name: "bash", detail: "ls", output: "a" },
    { kind: "text", text: "There it is." },
    { kind: "error", text: "Too many." },
  ]);
});

test("What is no JSON stands as it was printed, without its sequences; what is unknown is not shown", () => {
  const unknown = line({ type: "new in some release" });
  expect(talkOf("\u001b]0;t\u0007one\n", "two\n", unknown, "[1]\n", "{torn\n")).toEqual([
    { kind: "plain", text: "one\ntwo\n[1]\n{torn" },
  ]);
});

test("A jump leaves out the line that it tore, and a further attempt begins anew", () => {
  const talk = createTalk();
  talk.add({ attempt: 1, offset: 0, end: 4, text: "one\n" });
  talk.add({ attempt: 1, offset: 100, end: 110, text: "rest\ntwo\n" });
  talk.add({ attempt: 2, offset: 0, end: 6, text: "three\n" });
  expect(talk.items()).toEqual([
    { kind: "plain", text: "one" },
    { kind: "gap", bytes: 96 },
    { kind: "plain", text: "two" },
    { kind: "attempt", attempt: 2 },
    { kind: "plain", text: "three" },
  ]);
});

test("Of very much the newest thousand things are kept, and no text is longer than a page bears", () => {
  const talk = createTalk();
  let end = 0;
  for (let at = 0; at < 1_500; at += 1) {
    const text = line({ type: "text", part: { text: at === 1_499 ? "x".repeat(100_000) : `said ${at}` } });
    talk.add({ attempt: 1, offset: end, end: (end += text.length), text });
  }
  expect(talk.dropped()).toBe(true);
  expect(talk.items()).toHaveLength(1_000);
  expect(talk.items().at(-1)).toMatchObject({ text: expect.stringMatching(/80,000 more characters$/) });
});

test("Whatever a program prints, and wherever it is cut, it is read the same and never fails", () => {
  const piece = fc.oneof(
    fc.json().map((text) => `${text}\n`),
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      '{"type":"assistant","message":{"content":[{"type":"text","text":"a"},5,null]}}\n',
      '{"type":"item.completed","item":null}\n',
      '{"type":"user","message":{"content":{}}}\n',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), fc.nat(), (pieces, where) => {
      const whole = `${pieces.join("")}\n`;
      const at = where % whole.length;
      const isTorn = /[\uD800-\uDBFF]$/.test(whole.slice(0, at));
      fc.pre(!isTorn);
      expect(talkOf(whole.slice(0, at), whole.slice(at))).toEqual(talkOf(whole));
    }),
  );
});
