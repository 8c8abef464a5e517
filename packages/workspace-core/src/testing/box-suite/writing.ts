import { describe, expect, test } from "vitest";

import type { BoxUnderTest } from "./under-test.ts";
import { encode, finish, freshDirectory, readUntil, script, text } from "./probing.ts";

export function writingTests(place: () => BoxUnderTest): void {
  describe("writing a file", () => {
    test("shows readers the old content or the new, never a part", async () => {
      const { box } = place();
      const path = `${await freshDirectory(box)}/file`;
      const [old, fresh] = ["o".repeat(400_000), "n".repeat(400_000)];
      await box.files.write(path, encode(old));
      const watch = await box.run([
        "sh",
        "-c",
        // At least once, however late it is that it begins.
        'while :; do tr -d "\\n" <"$1" | tr -s on; echo; [ ! -e "$1.stop" ] || break; done | sort -u',
        "sh",
        path,
      ]);
      for (let round = 0; round < 10; round += 1) await box.files.write(path, encode(round % 2 === 0 ? fresh : old));
      await box.files.write(`${path}.stop`, new Uint8Array());
      for (const line of (await text(watch.stdout)).trim().split("\n")) expect(["o", "n"]).toContain(line);
    });

    test("replaces a link and leaves its target alone", async () => {
      const { box } = place();
      const directory = await freshDirectory(box);
      await script(box, 'cd "$1" && printf target >file && ln -s file link', directory);
      await box.files.write(`${directory}/link`, encode("new"));
      expect(await box.files.stat(`${directory}/link`)).toMatchObject({ type: "file" });
      expect(await text(box.files.read(`${directory}/file`))).toBe("target");
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
