import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "../box-suite.ts";
import { bytes, decode, encode, expectCode, finish, freshDirectory, noise, same, settled, text } from "./probing.ts";

export function flowTests(place: () => BoxUnderTest): void {
  describe("a program's input and output", () => {
    test("is empty input where none is given", async () => {
      expect(await finish(place().box, ["cat"])).toMatchObject({ stdout: "", code: 0 });
    });

    test("carries bytes unchanged both ways", async () => {
      const content = noise(1_000_003);
      const cat = await place().box.run(["cat"], { stdin: content });
      expect(same(await bytes(cat.stdout), content)).toBe(true);
    });

    test("takes input as it comes", async () => {
      const { box } = place();
      const parts = Promise.withResolvers<void>();
      const cat = await box.run(["cat"], {
        stdin: (async function* () {
          yield encode("first,");
          await parts.promise;
          yield new Uint8Array();
          yield encode("second");
        })(),
      });
      const iterator = cat.stdout[Symbol.asyncIterator]();
      expect(decode((await iterator.next()).value ?? new Uint8Array())).toBe("first,");
      parts.resolve();
      expect(decode((await iterator.next()).value ?? new Uint8Array())).toBe("second");
      expect((await iterator.next()).done).toBe(true);
      expect(await cat.exit).toEqual({ code: 0 });
    });

    test("asks for no more input than a program takes", async () => {
      const { box } = place();
      const stop = new AbortController();
      let asked = 0;
      const endless = (async function* () {
        for (;;) {
          asked += CHUNK.length;
          yield CHUNK;
        }
      })();
      const sleeper = await box.run(["sleep", "1000"], { stdin: endless, signal: stop.signal });
      expect(await settled(() => asked)).toBeLessThan(BUFFERED);
      stop.abort();
      await expectCode(sleeper.exit, "aborted");
    });

    test("lets a program end that leaves its input unread", async () => {
      const { box } = place();
      let left = false;
      const endless = (async function* () {
        try {
          for (;;) yield CHUNK;
        } finally {
          left = true;
        }
      })();
      expect(await finish(box, ["head", "-c", "3"], { stdin: endless })).toMatchObject({ code: 0 });
      await expect.poll(() => left).toBe(true);
    });

    test("ends a program whose input fails, with that failure", async () => {
      const failure = new Error("the source broke");
      const broken = (async function* () {
        yield encode("a");
        throw failure;
      })();
      const sleeper = await place().box.run(["sleep", "1000"], { stdin: broken, graceMs: 200 });
      await expect(sleeper.exit).rejects.toBe(failure);
    });

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

    test("settles although nobody reads a short output", async () => {
      const echo = await place().box.run(["sh", "-c", "echo out; echo err >&2"]);
      expect(await echo.exit).toEqual({ code: 0 });
      expect(await text(echo.stdout)).toBe("out\n");
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

const CHUNK = new Uint8Array(64 * 1024);
/** What all pipes and windows on the way may hold, generously. */
const BUFFERED = 32 * 1024 * 1024;
