import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "../box-suite.ts";
import { bytes, encode, expectCode, freshDirectory, noise, same, script, text } from "./probing.ts";

export function fileTests(place: () => BoxUnderTest): void {
  describe("looking at files", () => {
    test("says what an entry is, without following a link", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(
        box,
        'cd "$1" && printf 12345 >file && chmod 640 file && ln -s file link && ln -s nowhere broken && mkfifo pipe',
        directory,
      );
      expect(await box.files.stat(`${directory}/file`)).toMatchObject({ type: "file", size: 5, mode: 0o640 });
      expect(await box.files.stat(`${directory}/link`)).toMatchObject({ type: "symlink" });
      expect(await box.files.stat(`${directory}/broken`)).toMatchObject({ type: "symlink" });
      expect(await box.files.stat(`${directory}/pipe`)).toMatchObject({ type: "other" });
      const { type, modifiedAt } = await box.files.stat(directory);
      expect(type).toBe("directory");
      const now = Number((await script(box, "date +%s")).trim()) * 1_000;
      expect(Math.abs(now - modifiedAt)).toBeLessThan(60_000);
    });

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

    test("lists a directory of a thousand files whole", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(
        box,
        'cd "$1" && i=0; while [ $i -lt 1000 ]; do : >"file-with-a-longer-name-$i"; i=$((i+1)); done',
        directory,
      );
      expect(await box.files.list(directory)).toHaveLength(1_000);
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

  describe("reading a file", () => {
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

    test("follows a link", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(box, 'cd "$1" && printf target >file && ln -s file link', directory);
      expect(await text(box.files.read(`${directory}/link`))).toBe("target");
    });

    test("gives files that have no size, as those of /proc", async () => {
      const reading = text(place().box.files.read("/proc/self/status"));
      if (place().confined === true) await expectCode(reading, "permission_denied");
      else expect(await reading).toContain("Name:");
    });

    test("refuses what is no file, and does not wait for a pipe's other end", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(box, 'mkfifo "$1/pipe"', directory);
      await expectCode(bytes(box.files.read(`${directory}/pipe`)), "invalid_input");
      await expectCode(bytes(box.files.read(directory)), "invalid_input");
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
}
