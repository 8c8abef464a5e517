import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { extract } from "tar-stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { contextTar, imageTag, readContext } from "./image-context.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ws-context-"));
  await mkdir(join(directory, "sub"));
  await writeFile(join(directory, "Dockerfile"), "FROM x\n");
  await writeFile(join(directory, "sub", "run.sh"), "#!/bin/sh\n");
  await chmod(join(directory, "sub", "run.sh"), 0o755);
});
afterAll(() => rm(directory, { recursive: true }));

describe("the image's context", () => {
  test("is every file below the folder, in one order", async () => {
    const files = await readContext(directory);
    expect(files.map(({ path, executable }) => [path, executable])).toEqual([
      ["Dockerfile", false],
      ["sub/run.sh", true],
    ]);
  });

  test("gives a tag that changes with content, path, mode and base, and with nothing else", async () => {
    const files = await readContext(directory);
    const [first, second] = files as [(typeof files)[0], (typeof files)[0]];
    const tag = imageTag(files, []);
    expect(tag).toMatch(/^ws-workspace:[0-9a-f]{12}$/);
    expect(imageTag(await readContext(directory), [])).toBe(tag);
    const others = [
      imageTag([{ ...first, content: Buffer.from("FROM y\n") }, second], []),
      imageTag([{ ...first, path: "dockerfile" }, second], []),
      imageTag([{ ...first, executable: true }, second], []),
      imageTag([first], [second]),
      imageTag([first], []),
    ];
    expect(new Set([tag, ...others]).size).toBe(6);
  });

  test("travels as a tar that is the same each time, so that the engine's cache holds", async () => {
    const entries: [string, number | undefined, number | undefined][] = [];
    const reader = extract();
    contextTar(await readContext(directory)).pipe(reader);
    for await (const entry of reader) {
      entries.push([entry.header.name, entry.header.mode, entry.header.mtime?.getTime()]);
      entry.resume();
    }
    expect(entries).toEqual([
      ["Dockerfile", 0o644, 0],
      ["sub/run.sh", 0o755, 0],
    ]);
  });
});
