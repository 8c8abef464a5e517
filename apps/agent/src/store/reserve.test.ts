import { existsSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { isFull } from "./disk-full.ts";
import { createInsist } from "./insist.ts";
import { createReserve } from "./reserve.ts";

test("what is kept is given in parts, and taken back as far as nobody used it", () => {
  using directory = tempDir();
  const path = join(directory.path, "state.reserve");
  const reserve = createReserve(directory.path, createManualClock());
  expect(reserve.give()).toBe(false);
  reserve.refill();
  expect(statSync(path)).toMatchObject({ size: 1024 * 1024, mode: 0o100600 });
  expect(reserve.give()).toBe(true);
  expect(statSync(path).size).toBe(768 * 1024);
  reserve.retake();
  expect(statSync(path).size).toBe(1024 * 1024);
  let parts = 0;
  while (reserve.give()) parts += 1;
  expect([parts, existsSync(path)]).toEqual([4, false]);
});

test("it is taken anew at most once in a minute", () => {
  using directory = tempDir();
  const path = join(directory.path, "state.reserve");
  const clock = createManualClock();
  const reserve = createReserve(directory.path, clock);
  reserve.refill();
  while (reserve.give());
  reserve.refill();
  expect(existsSync(path)).toBe(false);
  clock.advance(60_000);
  reserve.refill();
  expect(existsSync(path)).toBe(true);
  rmSync(path);
});

test("what was given and not used is taken back, also from work that had all of it and failed", () => {
  using directory = tempDir();
  const path = join(directory.path, "state.reserve");
  const reserve = createReserve(directory.path, createManualClock());
  reserve.refill();
  const insist = createInsist({ reserve });
  const full = Object.assign(new Error("write"), { code: "ENOSPC" });
  let parts = 2;
  const needing = () => {
    if (parts > 0) {
      parts -= 1;
      throw full;
    }
    return "done";
  };
  expect(insist(needing)).toBe("done");
  expect(statSync(path).size).toBe(1024 * 1024);
  expect(() =>
    insist(() => {
      throw full;
    }),
  ).toThrow("disk is full");
  expect(statSync(path).size).toBe(1024 * 1024);
});

test("of a disk that cannot be asked nothing is taken, and nothing fails for it", () => {
  using directory = tempDir();
  const reserve = createReserve(join(directory.path, "gone"), createManualClock());
  expect(() => reserve.refill()).not.toThrow();
});

test("what was never given is not taken back from a disk on which little is left", () => {
  using directory = tempDir();
  createReserve(directory.path, createManualClock()).retake();
  expect(existsSync(join(directory.path, "state.reserve"))).toBe(false);
});

test("a quota that is used up is a full disk, as the file system and as SQLite say it", () => {
  const edquot = Object.assign(new Error("write"), { code: "EDQUOT" });
  const ioerrWrite = Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR", errcode: 778 });
  expect([edquot, ioerrWrite, new Error("other")].map(isFull)).toEqual([true, true, false]);
});
