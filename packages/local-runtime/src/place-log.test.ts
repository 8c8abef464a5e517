import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPlaceLog } from "./place-log.ts";

const said = async (file: string, which: { tail?: number; after?: string }): Promise<string> =>
  (await Array.fromAsync(readPlaceLog(file, which))).map(({ bytes }) => Buffer.from(bytes).toString()).join("");

test("a place's log has its last lines, and goes on after what was read", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-place-log-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "log");
  expect(await said(file, {})).toBe("");
  writeFileSync(file, "één\ntwo\n");
  expect(await said(file, {})).toBe("één\ntwo\n");
  expect(await said(file, { tail: 1 })).toBe("two\n");
  expect(await said(file, { tail: 9 })).toBe("één\ntwo\n");
  expect(await said(file, { tail: 0 })).toBe("");
  const [read] = await Array.fromAsync(readPlaceLog(file, { tail: 1 }));
  const after = read?.at ?? "";
  expect(await said(file, { after })).toBe("");
  writeFileSync(file, "three\n", { flag: "a" });
  expect(await said(file, { after })).toBe("three\n");
});

test("of a log without end the last part is read, and what is left out is told", async () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-place-log-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "log");
  writeFileSync(file, "early\n");
  // A hole: nothing of it is on the disk.
  truncateSync(file, 8 * 1024 ** 3);
  writeFileSync(file, "\nlate\n", { flag: "a" });
  expect(await said(file, { tail: 1 })).toBe("late\n");
  const all = await said(file, {});
  expect(all).toMatch(/^\[8585740294 bytes left out\]\n[^]*\nlate\n$/);
  expect(all.length).toBeLessThan(5 * 1024 ** 2);
});
