import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tempDir } from "../testing/temp-dir.ts";
import { howToStop, lockState } from "./lock.ts";

test("a second lock on the same directory is refused, naming the process", () => {
  using directory = tempDir();
  using _ = lockState(directory.path);
  expect(() => lockState(directory.path)).toThrow(
    expect.objectContaining({ code: "state_locked", data: { pid: process.pid } }) as Error,
  );
});

test("one that is a service is stopped by its manager, which would start it again otherwise", () => {
  const ofUser = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/workspace-agent.service\n";
  expect(howToStop(7, ofUser)).toBe("systemctl --user stop workspace-agent");
  expect(howToStop(7, "0::/system.slice/workspace-agent.service\n")).toBe("sudo systemctl stop workspace-agent");
  expect(howToStop(7, "0::/user.slice/user-1000.slice/session-2.scope\n")).toBe("kill 7");
  expect(howToStop(7, "")).toBe("kill 7");
});

test("a released lock can be taken again", () => {
  using directory = tempDir();
  lockState(directory.path)[Symbol.dispose]();
  expect(() => lockState(directory.path)[Symbol.dispose]()).not.toThrow();
});

test("a released lock leaves no pid behind, which may be another process's by the time it is read", () => {
  using directory = tempDir();
  const path = join(directory.path, "agent.pid");
  const lock = lockState(directory.path);
  expect(existsSync(path)).toBe(true);
  lock[Symbol.dispose]();
  expect(existsSync(path)).toBe(false);
});

test("a pid that is not ours stays", () => {
  using directory = tempDir();
  const path = join(directory.path, "agent.pid");
  const lock = lockState(directory.path);
  writeFileSync(path, "1\n");
  lock[Symbol.dispose]();
  expect(readFileSync(path, "utf8")).toBe("1\n");
});

test("a pid that was left behind locks nobody out", () => {
  using directory = tempDir();
  writeFileSync(join(directory.path, "agent.pid"), "1\n");
  expect(() => lockState(directory.path)[Symbol.dispose]()).not.toThrow();
});
