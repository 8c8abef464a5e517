import { describe, expect, test } from "vitest";
import { toolWords } from "./tool-words.ts";

const shown = (tool: string, lines: readonly unknown[]): string | undefined =>
  toolWords(tool)?.(lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join(""));

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
    expect([words?.(line.slice(0, 20)), words?.(line.slice(20)), words?.("\n")]).toEqual(["", "", "Done.\n"]);
    expect(toolWords("mine")).toBeUndefined();
    expect(toolWords("constructor")).toBeUndefined();
  });
});
