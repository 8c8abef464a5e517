import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { followLog, lastLines } from "./agent-log.ts";

function newLog(): string {
  const directory = mkdtempSync(join(tmpdir(), "ws-log-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return join(directory, "agent.log");
}

test("the last lines reach into the predecessor, and one that is just being written is left for later", () => {
  const path = newLog();
  writeFileSync(`${path}.1`, "one\ntwo\n");
  writeFileSync(path, "three\nfo");
  expect(lastLines(path, 2).lines).toEqual(["two", "three"]);
  expect(lastLines(path, 0).lines).toEqual([]);
  expect(lastLines(path, 9).lines).toEqual(["one", "two", "three"]);
});

test("where no agent has been there is no log, and that is said", () => {
  expect(() => lastLines(newLog(), 1)).toThrow(expect.objectContaining({ code: "log_not_found", exit: 3 }) as Error);
});

test("what is followed goes on over a change of the file, loses no line and tells none twice", async () => {
  const path = newLog();
  writeFileSync(path, "zero\non");
  const { end } = lastLines(path, 10);
  const stop = new AbortController();
  const seen: string[] = [];
  const over = (async () => {
    for await (const lines of followLog(path, end, stop.signal)) seen.push(...lines);
  })().catch(() => undefined);
  const sees = (lines: string[]) => expect.poll(() => seen).toEqual(lines);
  appendFileSync(path, "e\n");
  await sees(["one"]);
  appendFileSync(path, "two\n");
  renameSync(path, `${path}.1`);
  appendFileSync(path, "three\n");
  await sees(["one", "two", "three"]);
  // Half a character, and then the rest.
  const [first, rest] = [Buffer.from("vi\u00e9r\n").subarray(0, 3), Buffer.from("vi\u00e9r\n").subarray(3)];
  appendFileSync(path, first);
  appendFileSync(path, rest);
  await sees(["one", "two", "three", "vi\u00e9r"]);
  truncateSync(path, 0);
  appendFileSync(path, "five\n");
  await sees(["one", "two", "three", "vi\u00e9r", "five"]);
  stop.abort();
  await over;
});
