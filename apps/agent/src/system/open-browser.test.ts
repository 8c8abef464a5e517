import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomBytes } from "node:crypto";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, onTestFinished, test } from "vitest";
import { createSilentLog } from "../testing/silent-log.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { openBrowser, openBrowserAndEnd } from "./open-browser.ts";

/** A desktop whose opener writes down how it was called. */
function setUp() {
  const { path, ...held } = tempDir();
  onTestFinished(() => held[Symbol.dispose]());
  const directory = join(path, "config");
  mkdirSync(directory, { mode: 0o700 });
  const called = join(path, "called");
  const opener = join(path, process.platform === "darwin" ? "open" : "xdg-open");
  writeFileSync(opener, `#!/bin/sh\nprintf '%s\\n' "$@" >'${called}.part'\nmv '${called}.part' '${called}'\n`);
  chmodSync(opener, 0o755);
  const code = randomBytes(24).toString("base64url");
  const env = { DISPLAY: ":0", PATH: `${path}:${process.env["PATH"]}` };
  const url = `http://127.0.0.1:7391/#code=${code}`;
  const opened = () => expect.poll(() => existsSync(called)).toBe(true);
  return { path, directory, called, opened, env, code, clock: createManualClock(), log: createSilentLog(), url };
}

test("The one-time link is no argument of the opener, where others of this machine would read it in 'ps'", async () => {
  const { directory, called, opened, env, code, clock, log, url } = setUp();
  using _ = openBrowser({ url, env, directory, clock, log });
  await opened();
  const given = readFileSync(called, "utf8").trim();
  expect(given).not.toContain(code);
  const file = fileURLToPath(given);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toContain(`url=${url}"`);
});

test("A program that ends at once keeps it out of every argument too, and what leads to the link still goes", async () => {
  const { directory, called, opened, env, path, code, url } = setUp();
  // No minute to wait for: what the shell waits with ends when it is told to.
  const gate = join(path, "gate");
  writeFileSync(
    join(path, "sleep"),
    `#!/bin/sh\ntr '\\0' ' ' </proc/$PPID/cmdline >'${path}/shell'\nread _ <'${gate}'\n`,
  );
  chmodSync(join(path, "sleep"), 0o755);
  spawnSync("/bin/sh", ["-c", `mkfifo '${gate}'`]);
  openBrowserAndEnd({ url, env, directory });
  await opened();
  const file = fileURLToPath(readFileSync(called, "utf8").trim());
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, "utf8")).toContain(`url=${url}"`);
  if (process.platform === "linux") {
    await expect
      .poll(() => existsSync(join(path, "shell")) && readFileSync(join(path, "shell"), "utf8"))
      .toContain(file);
    expect(readFileSync(join(path, "shell"), "utf8")).not.toContain(code);
  }
  // Opened for both, so that nothing waits here for a reader which has ended.
  const held = openSync(gate, constants.O_RDWR | constants.O_NONBLOCK);
  onTestFinished(() => closeSync(held));
  writeSync(held, "\n");
  await expect.poll(() => readdirSync(directory)).toEqual([]);
});

test("What leads to the link goes after a minute, or with the agent", async () => {
  const first = setUp();
  using _ = openBrowser(first);
  expect(readdirSync(first.directory)).toHaveLength(1);
  first.clock.advance(60_000);
  await expect.poll(() => readdirSync(first.directory)).toEqual([]);
  await first.opened();
  const second = setUp();
  openBrowser(second)[Symbol.dispose]();
  expect(readdirSync(second.directory)).toEqual([]);
  await second.opened();
});

test("One that an agent which was killed left there is replaced, and keeps nobody's permissions", async () => {
  const { directory, opened, env, clock, log, url } = setUp();
  const file = join(directory, "open-dashboard.html");
  writeFileSync(file, "old", { mode: 0o644 });
  using _ = openBrowser({ url, env, directory, clock, log });
  expect(readFileSync(file, "utf8")).toContain(url);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await opened();
});

test("Without a desktop nothing is opened and nothing written", () => {
  const { directory, clock, log, url } = setUp();
  using _ = openBrowser({ url, env: { PATH: "" }, directory, clock, log });
  expect(readdirSync(directory)).toEqual(process.platform === "darwin" ? ["open-dashboard.html"] : []);
});

test("What cannot be opened, as on a full disk, ends neither the agent nor the command that printed the link", () => {
  const { path, directory, env, clock, log, url } = setUp();
  const file = join(path, "file");
  writeFileSync(file, "");
  const below = join(file, "config");
  using _ = openBrowser({ url, env, directory: below, clock, log });
  expect(log.lines).toEqual([expect.objectContaining({ level: "warn" })]);
  openBrowserAndEnd({ url, env, directory: below });
  expect(readdirSync(directory)).toEqual([]);
});
