import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toolWords } from "./tool-words.ts";

const shown = (tool: string, lines: readonly unknown[]): string | undefined =>
  toolWords(tool)?.push(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));

describe("What a coding tool says", () => {
  test("in claude's lines", () => {
    const content = [
      { type: "text", text: "Looking." },
      { type: "tool_use", name: "Bash", input: { command: "ls\n-l", description: "x" } },
    ];
    const lines = [
      { type: "system", subtype: "init" },
      { type: "assistant", message: { content } },
      { type: "user", message: {} },
      { type: "result", is_error: false, result: "Looking." },
      { type: "result", is_error: true, result: "Broken." },
    ];
    expect(shown("claude", lines)).toBe("Looking.\n· Bash ls -l\nBroken.\n");
  });

  test("in codex's lines", () => {
    const lines = [
      { type: "thread.started", thread_id: "1" },
      { type: "item.completed", item: { type: "command_execution", command: "npm test" } },
      { type: "item.completed", item: { type: "agent_message", text: "Done." } },
      { type: "turn.failed", error: { message: "Gone." } },
    ];
    expect(shown("codex", lines)).toBe("· npm test\nDone.\nGone.\n");
  });

  test("in opencode's lines", () => {
    const lines = [
      { type: "tool_use", part: { tool: "read", state: { input: { filePath: "a.ts" } } } },
      { type: "text", part: { text: "Done." } },
      { type: "error", error: { name: "APIError", data: { message: "No." } } },
    ];
    expect(shown("opencode", lines)).toBe("· read a.ts\nDone.\nNo.\n");
  });

  test("is shown as it is where it is no line of the tool's, and whole however it is cut", () => {
    const odd = ["warning: old", "{broken", "{}", '{"type":"assistant","message":7}', "null"];
    expect(shown("claude", odd)).toBe("warning: old\n{broken\nnull\n");
    const words = toolWords("codex");
    const line = JSON.stringify({ type: "item.completed", item: { text: "Done." } });
    expect([words?.push(line.slice(0, 20)), words?.push(line.slice(20)), words?.push("\n")]).toEqual([
      "",
      "",
      "Done.\n",
    ]);
    expect(toolWords("mine")).toBeUndefined();
    expect(toolWords("constructor")).toBeUndefined();
  });

  test("is shown to its last line, also where nothing ended that; half a message says nothing", () => {
    const line = JSON.stringify({ type: "item.completed", item: { text: "Done." } });
    for (const [last, shownAs] of [
      ["Killed", "Killed\n"],
      [line, "Done.\n"],
      [line.slice(0, -3), ""],
      ["", ""],
    ]) {
      const words = toolWords("codex");
      expect([last, words?.push(`${line}\n${last}`), words?.end(), words?.end()]).toEqual([
        last,
        "Done.\n",
        shownAs,
        "",
      ]);
    }
  });

  test("is the same however it is cut into parts", () => {
    const anyLine = fc.oneof(
      fc.string({ maxLength: 12 }).map((text) => text.replaceAll("\n", " ")),
      fc.string({ maxLength: 12 }).map((text) => JSON.stringify({ type: "item.completed", item: { text } })),
    );
    fc.assert(
      fc.property(fc.array(anyLine), fc.array(fc.nat(20), { minLength: 1 }), fc.boolean(), (lines, cuts, isEnded) => {
        const text = lines.join("\n") + (isEnded ? "\n" : "");
        const [whole, parted] = [toolWords("codex"), toolWords("codex")];
        const expected = `${whole?.push(text)}${whole?.end()}`;
        let found = "";
        for (let at = 0, index = 0; at < text.length; index += 1) {
          const part = text.slice(at, at + (cuts[index % cuts.length] ?? 0) + 1);
          found += parted?.push(part);
          at += part.length;
        }
        expect(found + parted?.end()).toBe(expected);
      }),
    );
  });

  test("is left out where a line is longer than anybody reads, and holds up nothing", () => {
    const words = toolWords("codex");
    const part = "x".repeat(128);
    for (let count = 0; count < 80_000; count += 1) words?.push(part);
    expect([words?.push("\nnext\n"), words?.end()]).toEqual(["next\n", ""]);
  });
});
