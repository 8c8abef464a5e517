import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { bytes, expectCode, freshDirectory, script, text } from "./probing.ts";

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
  });

  describe("reading a file", () => {
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
  });
}
