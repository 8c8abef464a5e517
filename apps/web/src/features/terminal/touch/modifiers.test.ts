import { expect, test } from "vitest";
import {
  keyOf,
  NOTHING_HELD,
  released,
  sequenceOf,
  tapped,
  TOUCH_KEYS,
  withModifiers,
  type Modifiers,
} from "./modifiers.ts";

const ctrl: Modifiers = { ctrl: "once", alt: "off" };
const alt: Modifiers = { ctrl: "off", alt: "once" };

test("A modifier is held for one key after a tap, until it is tapped again after two", () => {
  expect(tapped("off", Infinity)).toBe("once");
  expect(tapped("once", 200)).toBe("locked");
  expect(tapped("once", 2_000)).toBe("off");
  expect(tapped("locked", 200)).toBe("off");
  expect(released({ ctrl: "once", alt: "locked" })).toEqual({ ctrl: "off", alt: "locked" });
});

test("A character with Control is its control character, with Alt it has Escape before it; anything longer stays", () => {
  expect(["c", "D", "[", " ", "1", "pasted"].map((data) => withModifiers(data, ctrl))).toEqual([
    "\u0003",
    "\u0004",
    "\u001b",
    "\0",
    "1",
    "pasted",
  ]);
  expect(withModifiers("b", alt)).toBe("\u001bb");
  expect(withModifiers("c", { ctrl: "locked", alt: "once" })).toBe("\u001b\u0003");
  // What a terminal answers to a program goes the same way.
  expect(withModifiers("\u001b[1;1R", alt)).toBe("\u001b[1;1R");
});

test("The keys send what a keyboard would, also where a program asked for other arrows", () => {
  const sent = (name: string, held = NOTHING_HELD, application = false) => {
    const key = Object.values(TOUCH_KEYS)
      .flat()
      .find((other) => other.name === name);
    return key && sequenceOf(key, held, application);
  };
  expect([sent("Esc"), sent("Shift+Tab"), sent("Up"), sent("PgUp")]).toEqual([
    "\u001b",
    "\u001b[Z",
    "\u001b[A",
    "\u001b[5~",
  ]);
  expect([sent("Up", NOTHING_HELD, true), sent("Home", NOTHING_HELD, true)]).toEqual(["\u001bOA", "\u001bOH"]);
  expect([sent("Left", ctrl, true), sent("Right", alt), sent("PgDn", ctrl)]).toEqual([
    "\u001b[1;5D",
    "\u001b[1;3C",
    "\u001b[6;5~",
  ]);
});

test("A touch key is called as a keyboard's event would call it", () => {
  expect(Object.values(TOUCH_KEYS).flat().map(keyOf)).toEqual(
    "Escape Tab ArrowLeft ArrowUp ArrowDown ArrowRight Shift+Tab Home End PageUp PageDown".split(" "),
  );
});
