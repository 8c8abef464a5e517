import { expect, test } from "vitest";
import { customTool } from "./custom.ts";

const described = {
  argv: ["mine", "--model", "{model}", "--quiet"],
  resume: ["--continue", "{session}"],
  output: "claude",
} as const;

test("a custom tool is started as it is described, with its model and its conversation in their places", () => {
  const tool = customTool("mine", described);
  const asked = { permissions: "edits", variables: {} } as const;
  expect(tool.command({ ...asked, model: "m", session: "s1" }).argv).toEqual([
    "mine",
    "--model",
    "m",
    "--quiet",
    "--continue",
    "s1",
  ]);
  expect(tool.command(asked).argv).toEqual(["mine", "--quiet"]);
});

test("a custom tool that cannot go on with a conversation has none", () => {
  const line = JSON.stringify({ type: "system", subtype: "init", session_id: "s1" });
  const { resume: _resume, ...without } = described;
  for (const [custom, session] of [
    [described, "s1"],
    [without, undefined],
  ] as const) {
    const reader = customTool("mine", custom).reader();
    reader.line(line);
    expect(reader.said().session).toBe(session);
  }
});

test("a custom tool that prints text is read to its last words", () => {
  const reader = customTool("mine", { argv: ["mine"], output: "text" }).reader();
  for (let count = 0; count < 5_000; count += 1) reader.line(`line ${count}`);
  const { text = "", finished } = reader.said();
  expect(finished).toBe("code");
  expect(text.length).toBeLessThanOrEqual(8_192);
  expect(text).toMatch(/line 4999$/);
});

test("what only prints text has its end kept, however many lines it prints", () => {
  const reader = customTool("mine", { argv: ["mine"], output: "text" }).reader();
  const all = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
  for (const line of all) reader.line(line);
  expect(reader.said()).toEqual({ finished: "code", text: all.join("\n").slice(-8_192).trim() });
});
