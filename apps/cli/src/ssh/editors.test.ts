import { expect, test } from "vitest";
import { editorCommand } from "./editors.ts";

test.each([
  ["code", ["code", "--remote", "ssh-remote+demo.ws", "/home/workspace/a b"]],
  ["cursor", ["cursor", "--remote", "ssh-remote+demo.ws", "/home/workspace/a b"]],
  ["zed", ["zed", "ssh://demo.ws/home/workspace/a%20b"]],
] as const)("%s is told where to go in its own words", (editor, argv) => {
  expect(editorCommand(editor, "demo.ws", "/home/workspace/a b").argv).toEqual(argv);
});
