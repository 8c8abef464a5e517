import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hello } from "./example.ts";
import { realClock, silentLog } from "./testing/subject.ts";

test("the README's example is the one that runs here, on a machine with bubblewrap or without", async () => {
  const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
  const example = (await read("example.ts")).replace("./index.ts", "@ws/local-runtime");
  expect(await read("../README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
  const directory = await mkdtemp(join(tmpdir(), "ws-example-"));
  try {
    expect(await hello(directory, realClock, silentLog)).toBe("hello from a directory\n");
    expect(await readdir(directory)).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
