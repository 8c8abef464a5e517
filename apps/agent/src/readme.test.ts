import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { tempDir } from "./testing/temp-dir.ts";

test("the example in the README runs and prints what it says", () => {
  using directory = tempDir();
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const expected = /console\.log\(.*\); \/\/ (.*)/.exec(example)?.[1];
  const program = join(directory.path, "example.mts");
  writeFileSync(
    program,
    example
      .replace("@ws/agent", fileURLToPath(new URL("index.ts", import.meta.url)))
      .replace("/tmp/my-worker", join(directory.path, "worker")),
  );
  const { stdout, stderr } = spawnSync(process.execPath, ["--conditions=source", program], { encoding: "utf8" });
  expect(stdout + stderr).toContain("Dashboard");
  expect(stdout.replaceAll("'", '"')).toContain(expected);
});
