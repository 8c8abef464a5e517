import fc from "fast-check";
import { expect, test } from "vitest";
import { createReducer, type Depth } from "./reduce.ts";

function reduced(depth: Depth, ...pieces: string[]): string {
  const reduce = createReducer(depth);
  return Buffer.concat(pieces.map((piece) => reduce(Buffer.from(piece)))).toString();
}

test.each([
  [24, "\u001b[1;38;2;42;157;143mws\u001b[0m", "\u001b[1;38;2;42;157;143mws\u001b[0m"],
  [8, "\u001b[1;38;2;42;157;143mws\u001b[0m", "\u001b[1;38;5;36mws\u001b[0m"],
  [8, "\u001b[38;2;10;10;10;48;2;255;255;255mx", "\u001b[38;5;232;48;5;231mx"],
  [4, "\u001b[38;2;42;157;143mws", "\u001b[36mws"],
  [4, "\u001b[48;2;255;0;0;38;5;15mws", "\u001b[101;97mws"],
  [4, "\u001b[38;5;196mred", "\u001b[91mred"],
  [4, "\u001b[31;44mown\u001b[39;49m", "\u001b[31;44mown\u001b[39;49m"],
  [1, "\u001b[1;38;2;42;157;143mws\u001b[38;5;2m!\u001b[31m\u001b[0m\u001b[m", "\u001b[1mws!\u001b[0m\u001b[m"],
] as const)("with depth %i, %j becomes %j", (depth, given, becomes) => {
  expect(reduced(depth, given)).toBe(becomes);
});

test("what is no colour passes as it is, wherever it is cut", () => {
  const piece = fc.constantFrom(
    "\u001b[2J",
    "\u001b[1;7m",
    "日本",
    "\u001b]0;title\u0007",
    "\u001b[<0;3;4M",
    "m",
    "[3",
    "\u001b",
  );
  fc.assert(
    fc.property(fc.array(piece), fc.nat(40), (pieces, at) => {
      const whole = Buffer.from(`${pieces.join("")}.`);
      const reduce = createReducer(4);
      const passed = Buffer.concat([reduce(whole.subarray(0, at)), reduce(whole.subarray(at))]);
      expect(passed.toString()).toBe(whole.toString());
    }),
  );
});

test("a colour that comes in pieces is still one", () => {
  const given = "\u001b[38;2;42;157;143mws".split("");
  expect(reduced(4, ...given)).toBe("\u001b[36mws");
});

test("what begins like a style and never ends is not kept for ever", () => {
  expect(reduced(4, "\u001b[", "1;".repeat(200))).toHaveLength(402);
});
