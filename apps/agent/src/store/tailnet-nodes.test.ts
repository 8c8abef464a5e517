import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openDatabase } from "./database.ts";
import { createTailnetNodes } from "./tailnet-nodes.ts";

function setUp() {
  const directory = tempDir();
  const db = openDatabase(`${directory.path}/state.db`, createSilentLog());
  const clock = createManualClock();
  onTestFinished(() => {
    db.close();
    directory[Symbol.dispose]();
  });
  return { clock, nodes: createTailnetNodes(db, clock) };
}

const LAPTOP = { id: "tailnet-nLAP", login: "ada@x.test" };

test("a machine that comes is known from then on, with when it came last, and keeps the name that it was given", () => {
  const { clock, nodes } = setUp();
  const first = clock.now();
  expect(nodes.admit(LAPTOP, () => "laptop")).toBe(true);
  nodes.rename(LAPTOP.id, "mine");
  clock.advance(30_000);
  expect(nodes.admit(LAPTOP, () => "other")).toBe(true);
  expect(nodes.list()).toEqual([{ ...LAPTOP, name: "mine", createdAt: first, lastUsedAt: first }]);
  clock.advance(60_000);
  nodes.admit({ ...LAPTOP, login: "ada@y.test" }, () => "other");
  expect(nodes.list()).toMatchObject([{ login: "ada@y.test", createdAt: first, lastUsedAt: clock.now() }]);
});

test("one that was revoked is neither listed nor let in again, whoever it belongs to then", () => {
  const { nodes } = setUp();
  nodes.admit(LAPTOP, () => "laptop");
  nodes.deny(LAPTOP.id);
  expect(nodes.list()).toEqual([]);
  expect(nodes.admit(LAPTOP, () => "laptop")).toBe(false);
  expect(nodes.admit({ ...LAPTOP, login: "bob@x.test" }, () => "laptop")).toBe(false);
  expect(nodes.admit({ ...LAPTOP, id: "tailnet-nNEW" }, () => "laptop")).toBe(true);
});
