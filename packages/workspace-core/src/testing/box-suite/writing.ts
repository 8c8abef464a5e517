import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "../box-suite.ts";
import { encode, expectCode, finish, freshDirectory, noise, readUntil, same, bytes, script, text } from "./probing.ts";

export function writingTests(place: () => BoxUnderTest): void {
  describe("writing a file", () => {
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

    test("shows readers the old content or the new, never a part", async () => {
      const { box } = place();
      const path = `${await freshDirectory(box)}/file`;
      const [old, fresh] = ["o".repeat(400_000), "n".repeat(400_000)];
      await box.files.write(path, encode(old));
      const watch = await box.run([
        "sh",
        "-c",
        'while [ ! -e "$1.stop" ]; do tr -d "\\n" <"$1" | tr -s on; echo; done | sort -u',
        "sh",
        path,
      ]);
      for (let round = 0; round < 10; round += 1) await box.files.write(path, encode(round % 2 === 0 ? fresh : old));
      await box.files.write(`${path}.stop`, new Uint8Array());
      for (const line of (await text(watch.stdout)).trim().split("\n")) expect(["o", "n"]).toContain(line);
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

    test("replaces a link and leaves its target alone", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(box, 'cd "$1" && printf target >file && ln -s file link', directory);
      await box.files.write(`${directory}/link`, encode("new"));
      expect(await box.files.stat(`${directory}/link`)).toMatchObject({ type: "file" });
      expect(await text(box.files.read(`${directory}/file`))).toBe("target");
    });

    test("makes no parents, and says what is wrong with a path", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await box.files.write(`${directory}/file`, encode("x"));
      await expectCode(box.files.write(`${directory}/missing/file`, encode("x")), "file_not_found");
      await expectCode(box.files.write(`${directory}/file/below`, encode("x")), "not_a_directory");
      await expectCode(box.files.write(directory, encode("x")), "invalid_input");
    });

    test("reports a directory that may not be written to", async () => {
      const { box } = place();
      // Root may write everywhere but into /proc.
      const path = (await finish(box, ["id", "-u"])).stdout.trim() === "0" ? "/proc/file" : "/usr/file";
      const expected = path.startsWith("/proc") ? ["file_not_found", "permission_denied"] : ["permission_denied"];
      const error = await box.files.write(path, encode("x")).catch((reason: unknown) => reason as { code: string });
      expect(expected).toContain(error?.code);
    });
  });

  describe("changing the tree", () => {
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

    test("removes a tree and follows no link out of it (a link swapped in: CVE-2025-53110)", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(
        box,
        'cd "$1" && mkdir -p keep tree/deep && echo x >keep/file && ln -s ../keep tree/out && ln -s ../../keep/file tree/deep/out && echo y >"tree/deep/-rf"',
        directory,
      );
      await box.files.remove(`${directory}/tree`);
      await box.files.remove(`${directory}/tree`);
      await script(box, 'ln -s keep "$1/link"', directory);
      await box.files.remove(`${directory}/link`);
      expect((await box.files.list(directory)).map(({ name }) => name)).toEqual(["keep"]);
      expect(await text(box.files.read(`${directory}/keep/file`))).toBe("x\n");
      await box.files.remove(`${directory}/missing/deeper`);
      await box.files.remove(`${directory}/keep/file`);
      expect(await box.files.list(`${directory}/keep`)).toEqual([]);
    });

    test("answers a command while a large file moves", async () => {
      const { box } = place();
      const path = `${await freshDirectory(box)}/large`;
      let running = true;
      const endless = (async function* () {
        for (let count = 0; running || count < 100; count += 1) yield new Uint8Array(256 * 1024);
      })();
      const moving = box.files.write(path, endless);
      const echo = await box.run(["echo", "answer"]);
      expect(await readUntil(echo.stdout, "answer")).toContain("answer");
      running = false;
      await expect(moving).resolves.toBeUndefined();
    });
  });
}
