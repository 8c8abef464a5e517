import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { echoingWorld } from "../../testing/echoing-world.ts";

const SLOW = 100;
const shell = () => ({ print: "$ ", echo: true });

/** A shell behind a slow link, at whose prompt one letter has been typed and seen. */
function proven(delay = SLOW) {
  const world = echoingWorld({ delay: () => delay, answer: shell });
  world.interject("$ ", true);
  world.timers.advance(1_000);
  world.type("a");
  world.timers.advance(1_000);
  return world;
}

describe("what is shown", () => {
  test("Letters stand there before they come back, underlined, with the cursor behind them", () => {
    const world = proven();
    world.type("b");
    world.type("c");
    expect(world.view.drawings.at(-1)).toEqual({
      cells: [
        { row: 0, col: 3, text: "b" },
        { row: 0, col: 4, text: "c" },
      ],
      cursor: { row: 0, col: 5 },
      underlined: true,
    });
    world.timers.advance(1_000);
    expect(world.view.drawings.at(-1)).toEqual({ cells: [], underlined: false });
    expect(world.view.text().trimEnd()).toBe("$ abc");
  });

  test("What is typed is erased at once too, and the cursor moves within it", () => {
    const world = proven();
    world.type("b");
    world.type("\u007f");
    expect(world.view.drawings.at(-1)).toMatchObject({ cells: [], cursor: { row: 0, col: 3 } });
    world.type("c");
    world.type("\u001b[D");
    expect(world.view.drawings.at(-1)?.cursor).toEqual({ row: 0, col: 3 });
  });

  test("Who types on without a pause after Enter sees the letters before they come back, as soon as one of them has", () => {
    const world = proven();
    world.type("\r");
    for (const letter of "abcdefgh") {
      world.timers.advance(90);
      world.type(letter);
    }
    expect(world.drawn()).toMatch(/^[b-g]+h$/);
    world.timers.advance(1_000);
    expect(world.drawn()).toBe("");
    expect(world.view.text()).toContain("$ abcdefgh");
  });

  test("On a quick link nothing is, and the first key of a line is not before one was seen", () => {
    expect(proven(5).everDrawn()).toBe("");
    const world = proven();
    expect(world.everDrawn()).toBe("");
    world.type("\r");
    world.timers.advance(1_000);
    world.type("b");
    expect(world.everDrawn()).toBe("");
  });

  test.each([
    ["a key whose effect nobody knows", "\t"],
    ["a paste", "b".repeat(200)],
    ["a letter that may be two cells wide", "漢"],
    ["an erasing of what was there before", "\u007f\u007f\u007f"],
  ])("After %s nothing is, before the screen is known again", (_, data) => {
    const world = proven();
    world.type(data);
    world.type("b");
    expect(world.drawn()).toBe("");
  });

  test("What does not come is taken away, and nothing is shown on its row until it is proven anew", () => {
    const world = proven();
    world.interject("", false);
    world.type("b");
    expect(world.drawn()).toBe("b");
    world.timers.advance(2 * SLOW + 250);
    expect(world.drawn()).toBe("");
    world.type("c");
    world.timers.advance(1_000);
    world.type("d");
    expect(world.everDrawn()).toBe("b");
  });

  test("At the loss of the link nothing is left of it", () => {
    const world = proven();
    world.type("b");
    world.prediction.reset();
    expect(world.drawn()).toBe("");
  });

  test("Where something else has been asked on the last row, at the very column, nothing is before it is proven anew", () => {
    const world = echoingWorld({ delay: () => SLOW, answer: shell });
    world.interject(`${"\r\n".repeat(9)}12345678`, true);
    world.timers.advance(1_000);
    for (const letter of "ab") {
      world.type(letter);
      world.timers.advance(1_000);
    }
    world.interject("\r\nPassword: ", false);
    world.timers.advance(1_000);
    world.type("c");
    expect(world.everDrawn()).toBe("b");
  });

  test("Behind the last column nothing is foretold", () => {
    const world = proven();
    world.type("bcdefghijklmnopqrstuvwxyz");
    expect(world.drawn()).toBe("");
  });
});

type Act =
  | { kind: "wait"; ms: number }
  | { kind: "keys"; text: string }
  | { kind: "line" }
  | { kind: "ask" }
  | { kind: "noise"; text: string };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("wait" as const), ms: fc.nat(400) }),
  fc.record({
    kind: fc.constant("keys" as const),
    text: fc.string({ unit: fc.constantFrom("a", "b", " ", "\u007f"), maxLength: 4 }),
  }),
  fc.constant<Act>({ kind: "line" }),
  fc.constant<Act>({ kind: "ask" }),
  fc.record({ kind: fc.constant("noise" as const), text: fc.constantFrom("x", "\r\nmake\r\n", "\r$ ", "\b") }),
);

test("Whatever is typed into whatever answers, no letter of a password is ever drawn, and in the end nothing is", () => {
  fc.assert(
    fc.property(
      fc.array(act, { maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
      (acts, delays) => {
        let count = 0;
        let secret = false;
        const world = echoingWorld({
          delay: () => delays[count++ % delays.length] ?? 1,
          answer() {
            secret = false;
            return { print: "$ ", echo: true };
          },
        });
        world.interject("$ ", true);
        for (const one of acts) {
          if (one.kind === "wait") world.timers.advance(one.ms);
          else if (one.kind === "noise") world.interject(one.text, !secret);
          else if (one.kind === "line") world.type("\r");
          else if (one.kind === "ask") {
            // Nobody types a password before it is asked for.
            secret = true;
            world.interject("\r\nPassword: ", false);
            world.timers.advance(2_000);
            if (secret) for (const letter of "SECRET") world.type(letter);
            world.type("\r");
            world.timers.advance(2_000);
          } else for (const key of one.text) world.type(key);
        }
        world.timers.advance(10_000);
        expect(world.everDrawn()).not.toMatch(/[A-Z]/);
        expect(world.drawn()).toBe("");
        expect(world.timers.pending()).toBe(0);
      },
    ),
    { numRuns: 2_000 },
  );
});
