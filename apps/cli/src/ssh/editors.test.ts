import { expect, test } from "vitest";
import { editorCommand, EDITORS } from "./editors.ts";

test.each([
  ["code", ["code", "--remote", "ssh-remote+demo.ws", "/home/workspace/a b"]],
  ["cursor", ["cursor", "--remote", "ssh-remote+demo.ws", "/home/workspace/a b"]],
  ["zed", ["zed", "ssh://demo.ws/home/workspace/a%20b"]],
] as const)("%s is told where to go in its own words", (editor, argv) => {
  expect(editorCommand(editor, "demo.ws", "/home/workspace/a b").argv).toEqual(argv);
});

test.each(EDITORS)("%s is told no option in place of a directory", (editor) => {
  for (const directory of [
    "--install-extension=evil",
    "-x",
    "",
    "home",
    "\n/home",
    "/home\n--x",
    "/a\0b",
    "/\u001b]0;x",
  ]) {
    expect(() => editorCommand(editor, "demo.ws", directory)).toThrow("tells no directory to open");
  }
});
