import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { bytes, encode, expectCode, freshDirectory, noise, same, text } from "./probing.ts";

/** What files do wherever they lie: nothing here needs a process. */
export function plainFileTests(place: () => BoxUnderTest): void {
  describe("files", () => {
    test("lists a directory with every name that a file system takes", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      const names = [".hidden", "-rf", "two words", "new\nline", "quote'\"$(id)", "Grüße 🚀", "*"];
      for (const name of names) await box.files.write(`${directory}/${name}`, encode(name));
      await box.files.mkdir(`${directory}/below`);
      const entries = await box.files.list(directory);
      expect(entries.map(({ name }) => name).sort()).toEqual([...names, "below"].sort());
      expect(entries.find(({ name }) => name === "below")).toMatchObject({ type: "directory" });
      expect(entries.find(({ name }) => name === "-rf")).toMatchObject({ type: "file", size: 3, mode: 0o644 });
      expect(await box.files.list(`${directory}/below`)).toEqual([]);
      for (const name of names) expect(await text(box.files.read(`${directory}/${name}`))).toBe(name);
    });

    test("says what is wrong with a path", async () => {
      const { box } = place();
      const { files } = box;
      const directory = await freshDirectory(box);
      await files.write(`${directory}/file`, encode("x"));
      await expectCode(files.stat(`${directory}/missing`), "file_not_found");
      await expectCode(files.list(`${directory}/missing`), "file_not_found");
      await expectCode(bytes(files.read(`${directory}/missing`)), "file_not_found");
      await expectCode(bytes(files.read(`${directory}/missing/deeper`)), "file_not_found");
      await expectCode(files.list(`${directory}/file`), "not_a_directory");
      await expectCode(files.stat(`${directory}/file/below`), "not_a_directory");
      await expectCode(bytes(files.read(`${directory}/file/below`)), "not_a_directory");
    });
  });

  describe("reading a file's bytes", () => {
    test("gives all of it, or a range, or what there is of one", async () => {
      const { box } = place();
      const path = `${await freshDirectory(box)}/file`;
      const content = noise(3_000_017);
      await box.files.write(path, content);
      const read = (offset?: number, length?: number): Promise<Uint8Array> =>
        bytes(
          box.files.read(path, { ...(offset !== undefined && { offset }), ...(length !== undefined && { length }) }),
        );
      expect(same(await read(), content)).toBe(true);
      expect(same(await read(1_000_001, 17), content.subarray(1_000_001, 1_000_018))).toBe(true);
      expect(same(await read(131_071, 1_500_000), content.subarray(131_071, 1_631_071))).toBe(true);
      expect(same(await read(3_000_000), content.subarray(3_000_000))).toBe(true);
      expect(same(await read(3_000_000, 1_000), content.subarray(3_000_000))).toBe(true);
      expect((await read(3_000_017)).length).toBe(0);
      expect((await read(9_000_000, 10)).length).toBe(0);
      expect((await read(0, 0)).length).toBe(0);
    });

    test("stops when its reader leaves or the signal aborts", async () => {
      const { box } = place();
      const path = `${await freshDirectory(box)}/file`;
      await box.files.write(path, noise(5_000_000));
      for await (const part of box.files.read(path)) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      const stop = new AbortController();
      const reading = box.files.read(path, { signal: stop.signal })[Symbol.asyncIterator]();
      await reading.next();
      stop.abort();
      const drain = async (): Promise<void> => {
        for (let next = await reading.next(); next.done !== true; next = await reading.next());
      };
      await expectCode(drain(), "aborted");
    });
  });

  describe("writing a file's bytes", () => {
    test("makes it with 0644 or the mode asked for, and keeps the mode of an old one", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/new`, encode("a"));
      await box.files.write(`${directory}/secret`, encode("a"), { mode: 0o600 });
      await box.files.write(`${directory}/script`, encode("a"), { mode: 0o755 });
      await box.files.write(`${directory}/script`, encode("b"));
      const modes = (await box.files.list(directory)).map(({ name, mode }) => [name, mode]);
      expect(Object.fromEntries(modes)).toEqual({ new: 0o644, secret: 0o600, script: 0o755 });
      expect(await text(box.files.read(`${directory}/script`))).toBe("b");
    });

    test("takes bytes, a stream and nothing", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      const content = noise(2_345_678);
      const stream = (async function* () {
        for (let at = 0; at < content.length; at += 54_321) yield content.subarray(at, at + 54_321);
      })();
      await box.files.write(`${directory}/stream`, stream);
      expect(same(await bytes(box.files.read(`${directory}/stream`)), content)).toBe(true);
      await box.files.write(`${directory}/stream`, new Uint8Array());
      expect(await box.files.stat(`${directory}/stream`)).toMatchObject({ size: 0 });
    });

    test("leaves the old file and nothing else when its content fails or is aborted", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/file`, encode("old"));
      const failure = new Error("the source broke");
      const broken = (async function* () {
        yield noise(300_000);
        throw failure;
      })();
      await expect(box.files.write(`${directory}/file`, broken)).rejects.toSatisfy(
        (error: Error) => error === failure || error.cause === failure,
      );
      const stop = new AbortController();
      const stopped = (async function* () {
        yield noise(300_000);
        stop.abort();
        yield noise(300_000);
      })();
      await expectCode(box.files.write(`${directory}/file`, stopped, { signal: stop.signal }), "aborted");
      expect((await box.files.list(directory)).map(({ name }) => name)).toEqual(["file"]);
      expect(await text(box.files.read(`${directory}/file`))).toBe("old");
    });

    test("makes no parents, and says what is wrong with a path", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/file`, encode("x"));
      await expectCode(box.files.write(`${directory}/missing/file`, encode("x")), "file_not_found");
      await expectCode(box.files.write(`${directory}/file/below`, encode("x")), "not_a_directory");
      await expectCode(box.files.write(directory, encode("x")), "invalid_input");
    });
  });

  describe("the tree", () => {
    test("makes directories with their parents, and again", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.mkdir(`${directory}/a/b/c`);
      await box.files.mkdir(`${directory}/a/b/c`);
      await Promise.all([1, 2, 3, 4].map(() => box.files.mkdir(`${directory}/x/y/z`)));
      expect(await box.files.stat(`${directory}/a/b/c`)).toMatchObject({ type: "directory" });
      await box.files.write(`${directory}/file`, encode("x"));
      await expectCode(box.files.mkdir(`${directory}/file`), "not_a_directory");
      await expectCode(box.files.mkdir(`${directory}/file/below`), "not_a_directory");
    });

    test("renames files and directories, over an old file too", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/a`, encode("a"));
      await box.files.write(`${directory}/b`, encode("b"));
      await box.files.rename(`${directory}/a`, `${directory}/b`);
      await box.files.mkdir(`${directory}/d/e`);
      await box.files.rename(`${directory}/d`, `${directory}/f`);
      expect((await box.files.list(directory)).map(({ name }) => name).sort()).toEqual(["b", "f"]);
      expect(await text(box.files.read(`${directory}/b`))).toBe("a");
      await expectCode(box.files.rename(`${directory}/missing`, `${directory}/g`), "file_not_found");
      await expectCode(box.files.rename(`${directory}/b`, `${directory}/missing/g`), "file_not_found");
    });
  });
}
