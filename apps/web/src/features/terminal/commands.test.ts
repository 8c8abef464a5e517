import { expect, test } from "vitest";
import { commandOf, type Keys } from "./commands.ts";

function press(text: string): Keys {
  const parts = text.split("+");
  const key = parts.at(-1) ?? "";
  const held = (name: string) => parts.slice(0, -1).includes(name);
  return {
    key: key === "Space" ? " " : key,
    code: key,
    ctrlKey: held("Ctrl"),
    shiftKey: held("Shift"),
    altKey: held("Alt"),
    metaKey: held("Meta"),
  };
}

test("Keys with Control and Shift are the page's", () => {
  expect(commandOf(press("Ctrl+Shift+E"))).toEqual({ kind: "split", axis: "row" });
  expect(commandOf(press("Ctrl+Shift+o"))).toEqual({ kind: "split", axis: "column" });
  expect(commandOf(press("Ctrl+Shift+ArrowUp"))).toEqual({ kind: "go", direction: "up" });
  expect(commandOf(press("Ctrl+Shift+PageUp"))).toEqual({ kind: "moveTab", step: -1 });
  expect(commandOf(press("Ctrl+Shift+Space"))).toEqual({ kind: "copyMode" });
  expect(commandOf(press("Ctrl+Shift+F"))).toEqual({ kind: "search" });
  expect(commandOf(press("Meta+f"))).toEqual({ kind: "search" });
  expect(commandOf(press("Shift+Escape"))).toEqual({ kind: "leave" });
});

test("Everything else is the program's", () => {
  for (const keys of [
    "Ctrl+f",
    "Ctrl+c",
    "Ctrl+Space",
    "Escape",
    "Shift+ArrowUp",
    "Ctrl+ArrowUp",
    "Ctrl+Shift+Alt+E",
    "Ctrl+Shift+V",
    "Ctrl+Shift+Meta+F",
    "Meta+c",
    "f",
  ]) {
    expect({ keys, command: commandOf(press(keys)) }).toEqual({ keys, command: undefined });
  }
});
