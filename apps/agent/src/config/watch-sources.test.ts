import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createManualClock } from "@ws/workspace-core/testing";
import { expect, test } from "vitest";
import { secret, setUp } from "../testing/with-config.ts";
import { readFileCredentials } from "./file-credentials.ts";
import { watchSources } from "./watch-sources.ts";

async function watching() {
  const { load, configDir } = setUp();
  const config = load();
  const clock = createManualClock();
  const over = new AbortController();
  let times = 0;
  let asleep = Promise.withResolvers<void>();
  const watched = watchSources(
    {
      config,
      env: {},
      clock: {
        sleep: (ms, signal) => {
          asleep.resolve();
          return clock.sleep(ms, signal);
        },
      },
      signal: over.signal,
    },
    () => void (times += 1),
  );
  await asleep.promise;
  return {
    config,
    configDir,
    /** How often it has called back by the next look, from its beginning. */
    async timesAfter(change: () => void): Promise<number> {
      change();
      asleep = Promise.withResolvers();
      clock.advance(10_000);
      await asleep.promise;
      return times;
    },
    async [Symbol.asyncDispose]() {
      over.abort();
      await watched;
    },
  };
}

test("a source is seen to change by its content, its mode, its end and its coming back, and a directory by what is in it", async () => {
  await using it = await watching();
  const file = join(it.configDir, "key");
  const directory = join(it.configDir, "aws");
  mkdirSync(join(directory, "deep"), { recursive: true });
  writeFileSync(file, "one", { mode: 0o600 });
  const set = () => it.config.credentials.update({ env: {}, files: { "~/key": file, "~/.aws": directory } });
  expect(await it.timesAfter(() => void set())).toBe(2);
  expect(await it.timesAfter(() => undefined)).toBe(2);
  expect(await it.timesAfter(() => writeFileSync(file, "longer"))).toBe(3);
  expect(await it.timesAfter(() => chmodSync(file, 0o640))).toBe(4);
  expect(await it.timesAfter(() => rmSync(file))).toBe(5);
  expect(await it.timesAfter(() => undefined)).toBe(5);
  expect(await it.timesAfter(() => writeFileSync(file, "longer"))).toBe(6);
  expect(await it.timesAfter(() => writeFileSync(join(directory, "deep", "config"), "x"))).toBe(7);
});

test("a variable is seen to change, also in config.json by hand", async () => {
  await using it = await watching();
  expect(await it.timesAfter(() => void it.config.set("env.TOKEN", secret()))).toBe(2);
  const path = join(it.configDir, "config.json");
  const byHand = () => writeFileSync(path, JSON.stringify({ credentials: { env: { TOKEN: secret() } } }));
  expect(await it.timesAfter(byHand)).toBe(3);
});

test("a source of a gigabyte and a pipe are told as problems, and neither is waited for", async () => {
  const { configDir } = setUp();
  const [large, pipe] = [join(configDir, "large"), join(configDir, "pipe")];
  writeFileSync(large, "");
  truncateSync(large, 1024 ** 3);
  spawnSync("/bin/sh", ["-c", `mkfifo '${pipe}'`]);
  const given = await readFileCredentials({ "~/a": large, "~/b": pipe, "~/c": join(configDir, "none") }, {});
  expect(given).toEqual([
    { target: "~/a", mode: 0, problem: `${large} is larger than 32 MiB.` },
    { target: "~/b", mode: 0, problem: `${pipe} is neither a file nor a directory.` },
    { target: "~/c", mode: 0, problem: `The worker has no ${join(configDir, "none")}.` },
  ]);
});
