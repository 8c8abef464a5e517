import fc from "fast-check";
import { expect, test } from "vitest";
import { createKeptInput } from "./kept-input.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

test("What was taken is forgotten, and the rest can be sent again from any of its bytes", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 })), fc.nat(), fc.nat(), (parts, a, b) => {
      const input = createKeptInput();
      for (const part of parts) input.add(Uint8Array.from(part));
      const all = parts.flatMap((part) => [...part]);
      const taken = a % (all.length + 1);
      const from = taken + (b % (all.length - taken + 1));
      expect(input.taken(taken, 0)).toBe(0);
      expect(input.waiting()).toBe(all.length - taken);
      expect(input.from(from).flatMap((part) => [...part])).toEqual(all.slice(from));
    }),
  );
});

test("An agent that knows the input says where to go on, and tells what was lost on its side once", () => {
  const input = createKeptInput();
  input.add(bytes(1, 2, 3, 4));
  expect(input.answered({ next: 2, taken: 1, known: true, lost: 1 }, 4)).toEqual({ from: 2, lost: 1 });
  expect(input.taken(3, 1)).toBe(0);
  expect(input.taken(4, 2)).toBe(1);
  expect(input.taken(4, 2)).toBe(0);
});

test.each([
  ["an agent that never heard of the input", { next: 3, taken: 3, known: false, lost: 0 }],
  ["one that says nothing about it", undefined],
  ["one that says what cannot be", { next: 9, taken: 3, known: true, lost: 0 }],
])("For %s nothing is typed again, and what is in doubt is counted", (_, answer) => {
  const input = createKeptInput();
  input.add(bytes(1, 2, 3));
  input.taken(1, 0);
  const sent = input.end();
  input.add(bytes(4));
  expect(input.answered(answer, sent)).toEqual({ from: 3, lost: 2 });
  expect(input.from(3)).toEqual([bytes(4)]);
});
