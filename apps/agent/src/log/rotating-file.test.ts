import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { openRotatingFile } from "./rotating-file.ts";

test("a file that is full becomes the predecessor of a new one", () => {
  using directory = tempDir();
  const path = join(directory.path, "agent.log");
  using file = openRotatingFile(path, 10);
  for (const line of ["first\n", "second\n", "third\n"]) file.write(line);
  expect(readFileSync(path, "utf8")).toBe("third\n");
  expect(readFileSync(`${path}.1`, "utf8")).toBe("second\n");
});

test("where the next file cannot be opened, lines are lost and no other file is written or closed", () => {
  using directory = tempDir();
  const logs = join(directory.path, "logs");
  mkdirSync(logs);
  using file = openRotatingFile(join(logs, "agent.log"), 10);
  file.write("first\n");
  renameSync(logs, join(directory.path, "moved"));
  writeFileSync(logs, "not a directory");
  file.write("second\n");
  // Gets the number that a log's file would have left behind.
  const other = join(directory.path, "other");
  const descriptor = openSync(other, "w");
  file.write("third\n");
  file.write("fourth\n");
  closeSync(descriptor);
  expect(readFileSync(other, "utf8")).toBe("");
  expect(readFileSync(join(directory.path, "moved", "agent.log"), "utf8")).toBe("first\n");
  rmSync(logs);
  renameSync(join(directory.path, "moved"), logs);
  file.write("fifth\n");
  expect(readFileSync(join(logs, "agent.log"), "utf8")).toBe("fifth\n");
  expect(readFileSync(join(logs, "agent.log.1"), "utf8")).toBe("first\n");
});

test("a file that somebody moved away is begun anew when it would have been full", () => {
  using directory = tempDir();
  const path = join(directory.path, "agent.log");
  using file = openRotatingFile(path, 10);
  file.write("first\n");
  renameSync(path, join(directory.path, "elsewhere"));
  file.write("second\n");
  expect(readFileSync(path, "utf8")).toBe("second\n");
});

test("what is written after its end goes nowhere", () => {
  using directory = tempDir();
  const file = openRotatingFile(join(directory.path, "agent.log"));
  file[Symbol.dispose]();
  const other = join(directory.path, "other");
  const descriptor = openSync(other, "w");
  file.write("late\n");
  file[Symbol.dispose]();
  closeSync(descriptor);
  expect(readFileSync(other, "utf8")).toBe("");
});

test("whatever a disk answers, the line is lost and whoever logs goes on", () => {
  using file = openRotatingFile("/dev/full", Infinity);
  expect(() => file.write("nowhere\n")).not.toThrow();
});
