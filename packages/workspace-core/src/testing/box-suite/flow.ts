import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { bytes, expectCode, finish, freshDirectory } from "./probing.ts";

export function flowTests(place: () => BoxUnderTest): void {
  describe("a program's input and output", () => {
    test("holds a program back while nobody reads, and loses nothing", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      const size = 96 * 1024 * 1024;
      const writer = await box.run(["sh", "-c", `head -c ${size} /dev/zero; echo >${directory}/done`]);
      const iterator = writer.stdout[Symbol.asyncIterator]();
      let count = (await iterator.next()).value?.length ?? 0;
      for (let round = 0; round < 20; round += 1) await finish(box, ["true"]);
      await expectCode(box.files.stat(`${directory}/done`), "file_not_found");
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
        count += next.value.length;
      expect(count).toBe(size);
      expect(await writer.exit).toEqual({ code: 0 });
    });

    test("drops what a reader who left does not want", async () => {
      const writer = await place().box.run(["sh", "-c", "head -c 20000000 /dev/zero; exit 4"]);
      for await (const part of writer.stdout) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      expect(await writer.exit).toEqual({ code: 4 });
    });

    test("passes a large stderr beside a large stdout", async () => {
      const code = "head -c 6000000 /dev/zero & head -c 5000000 /dev/zero >&2; wait";
      const writer = await place().box.run(["sh", "-c", code]);
      const [out, err] = await Promise.all([bytes(writer.stdout), bytes(writer.stderr)]);
      expect([out.length, err.length]).toEqual([6_000_000, 5_000_000]);
    });
  });
}
