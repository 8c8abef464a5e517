import { expect, test } from "vitest";
import { createKeySequence, type PressedKey } from "./key-sequence.ts";
import { opensPalette } from "./typing.ts";
import { createVerbRegistry, type Verb } from "./verbs.ts";

const verb = (id: string, label = id): Verb => ({ id, label, group: "Go to", run: () => undefined });
const press = (key: string, more: Partial<PressedKey> = {}): PressedKey => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test("verbs are offered until whoever offers them leaves; of one name the latest counts", () => {
  const registry = createVerbRegistry();
  let label = "first";
  const leave = registry.offer(() => [verb("a", label), verb("b")]);
  const leaveToo = registry.offer(() => [verb("b", "mine")]);
  label = "by now";
  expect(registry.verbs().map((one) => one.label)).toEqual(["by now", "mine"]);
  leave();
  leaveToo();
  expect(registry.verbs()).toEqual([]);
});

test("a panel is told of once, and another one takes its place", () => {
  const registry = createVerbRegistry();
  const told: unknown[] = [];
  registry.subscribe(() => told.push(registry.panel()));
  for (const panel of ["palette", "palette", "keys", undefined] as const) registry.show(panel);
  expect(told).toEqual(["palette", "keys", undefined]);
});

test("who listens is told of what is offered late", () => {
  const registry = createVerbRegistry();
  const seen: string[][] = [];
  registry.subscribe(() => seen.push(registry.verbs().map(({ id }) => id)));
  registry.offer(() => [verb("a")]);
  registry.offer(() => [verb("b")]);
  expect(seen).toEqual([["a"], ["a", "b"]]);
});

const known = ["n", "g t", "g w", "?"];

test("keys are done one by one or in twos, and never with a modifier", () => {
  const keys = createKeySequence(() => 0);
  const pressed = ["n", "g", "t", "t", "g", "x", "g", "n", "?"].map((key) => keys.press(press(key), known));
  expect(pressed).toEqual(["n", undefined, "g t", undefined, undefined, undefined, undefined, "n", "?"]);
  expect(keys.press(press("n", { ctrlKey: true }), known)).toBeUndefined();
  expect(keys.press(press("n", { metaKey: true }), known)).toBeUndefined();
  expect(keys.press(press("Enter"), known)).toBeUndefined();
});

test("of two keys the second comes soon, and Shift between them is no key", () => {
  let now = 0;
  const keys = createKeySequence(() => now);
  keys.press(press("g"), known);
  keys.press(press("Shift"), known);
  expect(keys.press(press("t"), known)).toBe("g t");
  keys.press(press("g"), known);
  now = 2_000;
  expect(keys.press(press("t"), known)).toBeUndefined();
});

test.each([
  { keys: "ctrl k", mac: false, terminal: false, opens: true },
  { keys: "ctrl k", mac: false, terminal: true, opens: false },
  { keys: "ctrl shift K", mac: false, terminal: true, opens: true },
  { keys: "ctrl shift P", mac: false, terminal: true, opens: true },
  { keys: "ctrl shift K", mac: false, terminal: false, opens: false },
  { keys: "ctrl p", mac: false, terminal: false, opens: false },
  { keys: "meta k", mac: true, terminal: true, opens: true },
  { keys: "meta k", mac: true, terminal: false, opens: true },
  { keys: "ctrl k", mac: true, terminal: false, opens: false },
  { keys: "ctrl alt k", mac: false, terminal: false, opens: false },
  { keys: "k", mac: false, terminal: false, opens: false },
])("$keys opens the palette: $opens, on a Mac: $mac, in a terminal: $terminal", ({ keys, mac, terminal, opens }) => {
  const parts = keys.split(" ");
  const event = {
    key: parts.at(-1) ?? "",
    ctrlKey: parts.includes("ctrl"),
    metaKey: parts.includes("meta"),
    altKey: parts.includes("alt"),
    shiftKey: parts.includes("shift"),
  };
  expect(opensPalette(event, { mac, terminal })).toBe(opens);
});
