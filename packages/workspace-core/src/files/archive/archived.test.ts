import { describe, expect, test } from "vitest";
import { concatBytes } from "../../bytes.ts";
import { confinedFault } from "../../confined-faults.ts";
import type { ConfinedFiles } from "../../confined.ts";
import { createFileTree } from "../../testing/file-tree.ts";
import { readTar } from "./read-tar.ts";
import { writeTar } from "./write-tar.ts";
import { writeZip } from "./write-zip.ts";

const names = Array.from({ length: 30 }, (_each, index) => `d/f${String(index).padStart(2, "0")}`);

/** A directory of thirty files, which counts those that are open. */
function createCounted(before: (path: string) => Promise<void> | void = () => undefined, size = 3) {
  const { files } = createFileTree(Object.fromEntries(names.map((name) => [name, "x".repeat(size)])));
  const open = new Set<string>();
  let most = 0;
  const read: ConfinedFiles["read"] = async (path, options) => {
    await before(path);
    const opened = await files.read(path, options);
    open.add(path);
    most = Math.max(most, open.size);
    return { ...opened, [Symbol.asyncDispose]: async () => void open.delete(path) };
  };
  return { files: { ...files, read }, open, most: () => most };
}

describe.each([
  ["tar", writeTar],
  ["zip", writeZip],
] as const)("the files of a %s", (format, write) => {
  test("are opened some ahead of the one that is written, and closed when they were", async () => {
    const counted = createCounted();
    const bytes = concatBytes(await Array.fromAsync(write(counted.files, "")));
    expect([counted.open.size, counted.most()]).toEqual([0, 8]);
    if (format === "tar") expect(await pathsOf(bytes)).toEqual(["d/", ...names]);
    else for (const name of names) expect(textOf(bytes)).toContain(name);
  });

  test("are one at a time where they are large", async () => {
    const counted = createCounted(undefined, 600 * 1024);
    for await (const _bytes of write(counted.files, ""));
    expect([counted.open.size, counted.most()]).toEqual([0, 1]);
  });

  test("that are gone are left out, and any other failure ends it with nothing left open", async () => {
    const gone = createCounted((path) => {
      if (path === "d/f03") throw confinedFault("file_not_found", path);
    });
    const text = textOf(concatBytes(await Array.fromAsync(write(gone.files, ""))));
    expect(["d/f02", "d/f03", "d/f04"].map((name) => text.includes(name))).toEqual([true, false, true]);
    const failing = createCounted((path) => {
      if (path === "d/f03") throw new Error("the line is cut");
    });
    await expect(Array.fromAsync(write(failing.files, ""))).rejects.toThrow("the line is cut");
    expect(failing.open.size).toBe(0);
  });

  test("are closed where nobody wants them any more: its reader left, or gave up", async () => {
    const left = createCounted();
    for await (const _bytes of write(left.files, "")) break;
    expect(left.open.size).toBe(0);
    const giving = new AbortController();
    const given = createCounted((path) => {
      if (path === "d/f05") giving.abort();
    });
    await expect(Array.fromAsync(write(given.files, "", giving.signal))).rejects.toMatchObject({ code: "aborted" });
    expect(given.open.size).toBe(0);
  });
});

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

async function pathsOf(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  const source = async function* () {
    yield bytes;
  };
  for await (const { path } of readTar(source())) found.push(path);
  return found;
}
