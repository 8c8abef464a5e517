import { expect, test } from "vitest";
import { nothingToWatch, shellCommand } from "./shell-command.ts";

test("a terminal is come back to with the whole command that led to it", () => {
  expect(shellCommand("demo", { terminal: "main" })).toBe("ws shell demo");
  expect(shellCommand("build", { terminal: "X" })).toBe("ws shell build --terminal X");
  expect(shellCommand("w1", { terminal: "X", readOnly: true })).toBe("ws shell w1 --terminal X --read-only");
  expect(shellCommand("w1", { terminal: "a b" })).toBe("ws shell w1 --terminal 'a b'");
});

test("who would watch what is not there is told how to open it", () => {
  expect(nothingToWatch("demo", "build")).toMatchObject({
    code: "terminal_not_found",
    message: "'demo' has no terminal 'build' to watch.",
    next: "Open it: ws shell demo --terminal build. See those there are: ws terminal list demo.",
  });
});
