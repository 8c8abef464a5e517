import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
