import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import {
  bytes,
  decode,
  encode,
  expectCode,
  expectRefusal,
  finish,
  freshDirectory,
  noise,
  same,
  settled,
  text,
  unfinished,
} from "./probing.ts";

/** What a program and its bytes do with any Box: needs no more of a place than `cat`, `true`, `false` and `sleep`. */
export function plainRunTests(place: () => BoxUnderTest): void {
  describe("any program", () => {
    test("tells how it ended", async () => {
      const { box } = place();
      expect(await finish(box, ["true"])).toEqual({ stdout: "", stderr: "", code: 0 });
      expect(await finish(box, ["false"])).toEqual({ stdout: "", stderr: "", code: 1 });
    });

    test("refuses a command that is not there", async () => {
      const { box } = place();
      await expectRefusal(box.run(["surely-no-such-command"]), "command_not_found");
      await expectRefusal(box.run(["/surely/no/such/command"]), "command_not_found");
    });

    test("refuses an argument that no program can be given", async () => {
      await expectRefusal(place().box.run(["true", "a\0b"]), "invalid_input");
      await expectRefusal(place().box.run(["true"], { env: { "NOT A NAME": "x" } }), "invalid_input");
    });

    test("refuses a directory that is missing or is none", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/file`, encode("x"));
      await expectRefusal(box.run(["true"], { cwd: `${directory}/not-there` }), "file_not_found");
      await expectRefusal(box.run(["true"], { cwd: `${directory}/file` }), "not_a_directory");
    });

    test("runs sixty programs at once, each with its own input and output", async () => {
      const { box } = place();
      const inputs = Array.from({ length: 60 }, (_each, index) => `input ${index}\n`.repeat(500));
      const outputs = await Promise.all(inputs.map((input) => finish(box, ["cat"], { stdin: encode(input) })));
      expect(outputs.map(({ stdout }) => stdout)).toEqual(inputs);
    });
  });

  describe("a program's bytes", () => {
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
      expect(await finish(box, ["true"], { stdin: endless })).toMatchObject({ code: 0 });
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

    test("settles although nobody reads a short output", async () => {
      const cat = await place().box.run(["cat"], { stdin: encode("out\n") });
      expect(await cat.exit).toEqual({ code: 0 });
      expect(await text(cat.stdout)).toBe("out\n");
    });
  });

  describe("an abort", () => {
    test("ends it, or keeps it from starting", async () => {
      const { box } = place();
      const stop = new AbortController();
      const sleeper = await box.run(["sleep", "1000"], { signal: stop.signal });
      stop.abort();
      await expectCode(sleeper.exit, "aborted");
      await expectCode(box.run(["sleep", "1000"], { signal: AbortSignal.abort() }), "aborted");
    });

    test("fails the outputs as well, so that a cut one is not taken for whole", async () => {
      const stop = new AbortController();
      const writer = await place().box.run(["cat"], { stdin: unfinished("begun"), signal: stop.signal });
      const iterator = writer.stdout[Symbol.asyncIterator]();
      await iterator.next();
      stop.abort();
      await expectCode(iterator.next(), "aborted");
      await expectCode(writer.exit, "aborted");
    });

    test("changes nothing when it comes after the end", async () => {
      const { box } = place();
      const stop = new AbortController();
      const done = await box.run(["false"], { signal: stop.signal });
      expect(await done.exit).toEqual({ code: 1 });
      stop.abort();
      expect(await done.exit).toEqual({ code: 1 });
    });
  });

  describe("a signal", () => {
    test.each([
      ["SIGHUP", 129],
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const)("%s ends a program that does not take it, as the signal it is", async (name, code) => {
      const sleeper = await place().box.run(["sleep", "1000"]);
      await sleeper.signal(name);
      expect(await sleeper.exit).toMatchObject({ code });
    });

    test("changes nothing when it comes after the end", async () => {
      const done = await place().box.run(["false"]);
      expect(await done.exit).toEqual({ code: 1 });
      await done.signal("SIGINT");
      expect(await done.exit).toEqual({ code: 1 });
    });
  });

  describe("a group's name", () => {
    test("holds every program that was run under its name, which may be any text", async () => {
      const { box } = place();
      if (box.missing.includes("groups")) return;
      const group = `../${crypto.randomUUID()}/'*' $(id)\n`;
      const both = await Promise.all([1, 2].map(() => box.run(["sleep", "1000"], { group })));
      await box.endGroup(group);
      for (const each of both) expect((await each.exit).code).toBeGreaterThan(128);
      await box.endGroup(group);
    });

    test("may be empty", async () => {
      const { box } = place();
      if (box.missing.includes("groups")) return;
      await box.endGroup(crypto.randomUUID());
      expect((await finish(box, ["true"])).code).toBe(0);
    });
  });
}

const CHUNK = new Uint8Array(64 * 1024);
/** What all pipes and windows on the way may hold, generously. */
const BUFFERED = 32 * 1024 * 1024;
