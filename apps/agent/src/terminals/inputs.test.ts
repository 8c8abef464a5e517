import { expect, test } from "vitest";
import { createInputs, type Claimant } from "./inputs.ts";

function claimant() {
  const told: unknown[] = [];
  const one: Claimant = {
    superseded: () => void told.push("superseded"),
    taken: (offset, lost) => void told.push({ offset, lost }),
  };
  return { ...one, told };
}
const INPUT = { id: "a", sent: 7 };

test("A new input begins where its client is; one that is known goes on where it was", () => {
  const inputs = createInputs();
  const first = inputs.claim("main 1", INPUT, claimant());
  expect(first.answer).toEqual({ next: 7, taken: 7, known: false, lost: 0 });
  first.received(5);
  expect(inputs.claim("main 1", { id: "a", sent: 20 }, claimant()).answer).toEqual({
    next: 12,
    taken: 7,
    known: true,
    lost: 0,
  });
  expect(inputs.claim("main 2", INPUT, claimant()).answer.known).toBe(false);
});

test("What still comes over the socket before is not counted, and so not typed", () => {
  const inputs = createInputs();
  const old = claimant();
  const first = inputs.claim("main 1", INPUT, old);
  const second = inputs.claim("main 1", INPUT, claimant());
  expect(old.told).toEqual(["superseded"]);
  expect(first.received(3)).toBeUndefined();
  expect(second.received(3)).toBeTypeOf("function");
});

test("Who holds the input now is told what arrives of what came over the socket before", () => {
  const inputs = createInputs();
  const settle = inputs.claim("main 1", INPUT, claimant()).received(3);
  const now = claimant();
  inputs.claim("main 1", INPUT, now);
  settle?.(true);
  expect(now.told).toEqual([{ offset: 10, lost: 0 }]);
});

test("What the terminal did not take is counted as lost, also for who comes later", () => {
  const inputs = createInputs();
  const one = claimant();
  const claim = inputs.claim("main 1", INPUT, one);
  claim.received(3)?.(false);
  claim.received(2)?.(true);
  expect(one.told).toEqual([
    { offset: 10, lost: 3 },
    { offset: 12, lost: 3 },
  ]);
  expect(inputs.claim("main 1", INPUT, claimant()).answer).toEqual({ next: 12, taken: 12, known: true, lost: 3 });
});

test("With its program an input is forgotten, and of a thousand others the oldest", () => {
  const inputs = createInputs();
  inputs.claim("main 1", INPUT, claimant());
  inputs.claim("build 1", INPUT, claimant());
  inputs.forget("main 1");
  expect(inputs.claim("main 1", INPUT, claimant()).answer.known).toBe(false);
  for (let other = 0; other < 1_000; other += 1) inputs.claim("main 1", { id: `${other}`, sent: 0 }, claimant());
  expect(inputs.claim("build 1", INPUT, claimant()).answer.known).toBe(false);
});
