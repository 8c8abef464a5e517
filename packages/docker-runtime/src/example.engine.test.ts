import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { hello } from "./example.ts";
import { address, imageDirectory, silent, systemClock } from "./testing/subject.ts";

test("the README's example is the one that runs here", async () => {
  const read = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
  const example = (await read("example.ts")).replace("./index.ts", "@ws/docker-runtime");
  expect(await read("../README.md")).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(await hello(address, imageDirectory, systemClock, silent)).toBe("hello from workspace\n");
});
