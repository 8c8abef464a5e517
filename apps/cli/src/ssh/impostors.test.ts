import { expect, test } from "vitest";
import type { SshWorker } from "./config-text.ts";
import { withoutImpostors } from "./impostors.ts";

const OWN = { id: "own", hostKey: "key of own" };
const DESK = { name: "desk", id: "desk", hostKey: "key of desk" };
const EVIL = { name: "evil", id: "desk", hostKey: "key of evil" };

function judge(others: SshWorker[], before: SshWorker[] = []): { kept: SshWorker[]; said: string[] } {
  const said: string[] = [];
  return { kept: withoutImpostors(OWN, others, { before, leftOut: (why) => said.push(why) }), said };
}

test("one worker by two names is one", () => {
  const others = [DESK, { ...DESK, name: "box" }, { ...OWN, name: "server" }];
  expect(judge(others)).toEqual({ kept: [OWN, ...others], said: [] });
});

test("of two that say the same id with different keys neither is believed where none was known", () => {
  const { kept, said } = judge([EVIL, DESK]);
  expect(kept).toEqual([OWN]);
  expect(said).toEqual([expect.stringMatching(/^evil .* as desk, /), expect.stringMatching(/^desk .* as evil, /)]);
});

test("the one that was known so before is believed", () => {
  const box = { ...DESK, name: "box" };
  expect(judge([EVIL, DESK, box], [DESK]).kept).toEqual([OWN, DESK, box]);
});

test("nobody stands in for the own worker, also where it was known so before", () => {
  const evil = { ...EVIL, id: OWN.id };
  const named = { ...OWN, name: "server" };
  const { kept, said } = judge([evil, DESK, named], [evil]);
  expect(kept).toEqual([OWN, DESK, named]);
  expect(said).toEqual([expect.stringMatching(/^evil .* as your own worker and server, /)]);
});

test("a worker that made itself a new key is believed", () => {
  const renewed = { ...DESK, hostKey: "new key" };
  expect(judge([renewed], [DESK]).kept).toEqual([OWN, renewed]);
});
