import { readFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { cloneInto } from "./example.ts";
import { startGitServer } from "./testing/git-server.ts";
import { openStandInBox } from "./testing/stand-in-box.ts";

test("the README's example is the one that runs here", async () => {
  const read = (name: string) => readFile(new URL(name, import.meta.url), "utf8");
  expect(await read("../README.md")).toContain(`\`\`\`ts\n${await read("example.ts")}\`\`\``);

  await using server = await startGitServer();
  const { url } = await server.create("org/repo");
  await using box = await openStandInBox();
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  const log = { debug: say, info: say, warn: say, error: say };
  expect(await cloneInto(box, url, log, [server.ca])).toBe("my-work");
  expect(await readFile(`${box.home}/repo/README.md`, "utf8")).toContain("A repository");
  expect(said).toContainEqual(expect.stringContaining("Receiving objects"));
});
