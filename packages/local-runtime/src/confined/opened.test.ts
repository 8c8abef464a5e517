import { mkdirSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLocate } from "../contained-path.ts";
import { createConfinedFiles } from "./confined-files.ts";
import type { OpenReads } from "./opened.ts";

let root: string;
let open: OpenReads;
let closed: Error | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ws-opened-"));
  open = new Set();
  closed = undefined;
  writeFileSync(join(root, "small"), "small");
  writeFileSync(join(root, "large"), "");
  truncateSync(join(root, "large"), 2_000_000);
});
afterEach(() => rmSync(root, { recursive: true }));

const files = () =>
  createConfinedFiles(root, { locate: createLocate([{ inside: root, outside: root }]), failure: () => closed, open });

test.runIf(process.platform === "linux")(
  "a file is open only while there is more of it to read, and is known for as long",
  async () => {
    await files().read("small");
    await files().read("large", { length: 1_000 });
    expect(open.size).toBe(0);
    const forgotten = await files().read("large");
    const left = await files().read("large");
    const whole = await files().read("large");
    expect(open.size).toBe(3);
    for await (const _part of left.content) break;
    let size = 0;
    for await (const part of whole.content) size += part.length;
    expect([size, open.size]).toEqual([2_000_000, 1]);
    await forgotten[Symbol.asyncDispose]();
    await forgotten[Symbol.asyncDispose]();
    expect(open.size).toBe(0);
  },
);

test.runIf(process.platform === "linux")("what is open is not read on once its Box has closed", async () => {
  await using opened = await files().read("large");
  closed = new Error("closed");
  await expect(Array.fromAsync(opened.content)).rejects.toThrow("closed");
  await expect(files().stat("small")).rejects.toThrow("closed");
});

test.runIf(process.platform === "linux")(
  "a directory that was put in another's place is the one that is read, also while content for the other still comes",
  async () => {
    const below = join(root, "below");
    mkdirSync(below);
    writeFileSync(join(below, "file"), "old");
    const locate = createLocate([{ inside: root, outside: root }]);
    const confined = createConfinedFiles(below, { locate, failure: () => closed, open });
    const asked = Promise.withResolvers<void>();
    const more = Promise.withResolvers<void>();
    async function* content() {
      yield Buffer.from("a");
      asked.resolve();
      await more.promise;
    }
    const writing = confined.write("slow", content());
    await asked.promise;
    renameSync(below, join(root, "moved"));
    mkdirSync(below);
    writeFileSync(join(below, "file"), "new");
    await using read = await confined.read("file");
    expect(Buffer.concat(await Array.fromAsync(read.content)).toString()).toBe("new");
    more.resolve();
    await writing;
  },
);
