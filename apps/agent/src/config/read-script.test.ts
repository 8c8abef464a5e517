import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { setUp } from "../testing/with-config.ts";
import { readScript } from "./read-script.ts";

test.each([
  ["#!/bin/sh\necho hi\n", undefined],
  ["#!/bin/sh", undefined],
  ["echo hi\n", "does not say what runs it"],
  ["", "does not say what runs it"],
  ["#!/bin/bash\r\necho hi\r\n", "line ends of Windows"],
])("the script %j is taken, or told why not: %s", async (content, problem) => {
  const path = join(setUp().configDir, "a.sh");
  writeFileSync(path, content);
  expect(await readScript(path)).toEqual(
    problem === undefined ? { content: Buffer.from(content) } : { problem: expect.stringContaining(problem) },
  );
});

test("a directory, a file of two megabytes and what is not there are told apart", async () => {
  const { configDir } = setUp();
  const [directory, large] = [join(configDir, "directory"), join(configDir, "large")];
  mkdirSync(directory);
  writeFileSync(large, "#!/bin/sh\n");
  truncateSync(large, 2 * 1024 * 1024);
  expect(await readScript(directory)).toEqual({ problem: expect.stringContaining("is a directory") });
  expect(await readScript(large)).toEqual({ problem: expect.stringContaining("is larger than 1 MiB") });
  expect(await readScript(join(configDir, "none"))).toBeUndefined();
});
