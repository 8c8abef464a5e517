import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { removeOldChunks } from "./remove-old-chunks.mjs";

const HOUR_MS = 3_600_000;

test("what a build left is kept for its time from when the next one took its place, and what is in use for ever", () => {
  const directory = mkdtempSync(join(tmpdir(), "ws-chunks-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const chunks = join(directory, "dist", "chunks");
  mkdirSync(chunks, { recursive: true });
  const build = (...names: string[]): string[] => {
    for (const name of names) writeFileSync(join(chunks, name), "");
    removeOldChunks(directory, 24);
    return readdirSync(chunks).sort();
  };
  const pass = (hours: number): void => {
    const then = (Date.now() - hours * HOUR_MS) / 1_000;
    for (const each of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (each.isFile()) utimesSync(join(each.parentPath, each.name), then, then);
    }
  };

  expect(build("same.js", "first.js", "first.js.map")).toEqual(["first.js", "first.js.map", "same.js"]);
  pass(240);
  expect(build("same.js", "second.js")).toEqual(["first.js", "first.js.map", "same.js", "second.js"]);
  pass(25);
  expect(build("same.js", "third.js")).toEqual(["same.js", "second.js", "third.js"]);
  pass(25);
  expect(build("same.js", "third.js")).toEqual(["same.js", "third.js"]);
});
