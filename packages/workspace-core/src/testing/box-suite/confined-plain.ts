import { describe, expect, test } from "vitest";

import type { ConfinedFiles } from "../../ports.ts";
import { confinedPlace, contentOf } from "./confined-place.ts";
import { encode, expectCode, expectRefusal, noise, refuses, same, bytes } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

/** What confined files do wherever they lie: nothing here needs a process. */
export function plainConfinedTests(place: () => BoxUnderTest): void {
  const { lacking, fresh } = confinedPlace(place);
  const names = async (files: ConfinedFiles, path = ""): Promise<string[]> =>
    (await files.list(path)).entries.map(({ name }) => name);

  describe("files below a directory", () => {
    test("are there, or said to be missing", async () => {
      const { box, files } = await fresh();
      if (await refuses(box, "confined", () => files.stat(""))) return;
      expect(await names(files)).toEqual([]);
    });

    test("are looked at by their path from there, however it is written", async () => {
      if (lacking()) return;
      const { files, root, box } = await fresh();
      await box.files.mkdir(`${root}/a/b`);
      await box.files.write(`${root}/a/b/file`, encode("12345"), { mode: 0o640 });
      const stat = await files.stat("a/b/file");
      expect(stat).toMatchObject({ path: "a/b/file", type: "file", size: 5, mode: 0o640, links: 1 });
      expect(await files.stat("./a//b/./file")).toEqual(stat);
      expect(await files.stat("")).toMatchObject({ path: "", type: "directory" });
      expect(await files.stat("a/")).toMatchObject({ path: "a", type: "directory" });
      await expectRefusal(files.stat("missing"), "file_not_found");
      await expectRefusal(files.stat("a/missing/deeper"), "file_not_found");
      await expectRefusal(files.stat("a/b/file/below"), "not_a_directory");
    });

    test("are listed by name, with every name that a file system takes", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      const all = [".hidden", "-rf", "two words", "new\nline", "quote'\"$(id)", "Grüße 🚀", "*", "back\\slash"];
      for (const name of all) await files.write(`d/${name}`, encode(name), { parents: true });
      await files.mkdir("d/below");
      const { path, entries } = await files.list("./d/");
      expect(path).toBe("d");
      expect(entries.map(({ name }) => name)).toEqual([...all, "below"].sort());
      expect(entries.find(({ name }) => name === "below")).toMatchObject({ type: "directory" });
      expect(entries.find(({ name }) => name === "-rf")).toMatchObject({ type: "file", size: 3, mode: 0o644 });
      for (const name of all) expect(await contentOf(files, `d/${name}`)).toBe(name);
      expect(await names(files, "d/below")).toEqual([]);
      await expectRefusal(files.list("d/-rf"), "not_a_directory");
      await expectRefusal(files.list("missing"), "file_not_found");
    });

    test("are read whole, in ranges, and not beyond their end", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      const content = noise(1_500_017);
      await files.write("file", content);
      const read = async (options: { offset?: number; length?: number } = {}): Promise<Uint8Array> => {
        await using opened = await files.read("file", options);
        expect(opened).toMatchObject({ path: "file", stat: { size: content.length, type: "file" } });
        return await bytes(opened.content);
      };
      expect(same(await read(), content)).toBe(true);
      expect(same(await read({ offset: 1_000_001, length: 17 }), content.subarray(1_000_001, 1_000_018))).toBe(true);
      expect(same(await read({ offset: 131_071, length: 900_000 }), content.subarray(131_071, 1_031_071))).toBe(true);
      expect(same(await read({ offset: 1_500_000, length: 1_000 }), content.subarray(1_500_000))).toBe(true);
      expect((await read({ offset: 9_000_000 })).length).toBe(0);
      expect((await read({ length: 0 })).length).toBe(0);
      await files.write("empty", new Uint8Array());
      expect(await contentOf(files, "empty")).toBe("");
      await expectRefusal(files.read(""), "is_a_directory");
      await expectRefusal(files.read("missing"), "file_not_found");
    });

    test("may be left before their end, many at once", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      await files.write("file", noise(2_000_000));
      await Promise.all(
        Array.from({ length: 100 }, async (_each, index) => {
          await using opened = await files.read("file");
          if (index % 2 === 0) for await (const _part of opened.content) break;
        }),
      );
      const abort = new AbortController();
      const opened = await files.read("file", { signal: abort.signal });
      abort.abort();
      await expectCode(bytes(opened.content), "aborted");
      await expectCode(files.stat("file", { signal: abort.signal }), "aborted");
      expect((await bytes((await files.read("file")).content)).length).toBe(2_000_000);
    });

    test("are written as a whole, with the parents that are asked for", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      await expectRefusal(files.write("a/b/file", encode("x")), "file_not_found");
      expect(await names(files)).toEqual([]);
      const first = await files.write("a/b/file", encode("one"), { parents: true });
      expect(first).toMatchObject({ path: "a/b/file", created: true, stat: { size: 3, mode: 0o644, type: "file" } });
      const second = await files.write("a/b/file", encode("two!"), { mode: 0o755 });
      expect(second).toMatchObject({ created: false, stat: { size: 4, mode: 0o755 } });
      const third = await files.write("a/b/file", parts("th", "ree"));
      expect(third).toMatchObject({ created: false, stat: { size: 5, mode: 0o755 } });
      expect(await files.stat("a/b/file")).toEqual(third.stat);
      expect(await contentOf(files, "a/b/file")).toBe("three");
      await expectRefusal(files.write("a/b", encode("x")), "is_a_directory");
      await expectRefusal(files.write("", encode("x")), "is_a_directory");
      await expectRefusal(files.write("a/b/file/x", encode("x"), { parents: true }), "not_a_directory");
      expect(await names(files, "a/b")).toEqual(["file"]);
    });

    test("keep the old content where a write was given up, and nothing lies beside them", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      await files.write("file", encode("old"));
      const failing = (async function* () {
        yield noise(400_000);
        throw new Error("the source failed");
      })();
      await expect(files.write("file", failing)).rejects.toThrow("the source failed");
      const abort = new AbortController();
      const aborting = (async function* () {
        yield encode("new");
        abort.abort();
        yield encode("er");
      })();
      await expectCode(files.write("file", aborting, { signal: abort.signal }), "aborted");
      expect(await contentOf(files, "file")).toBe("old");
      await expect.poll(() => names(files)).toEqual(["file"]);
    });

    test("tell by a version that they were changed meanwhile", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      const { stat } = await files.write("file", encode("one"), { expect: "absent" });
      expect((await files.stat("file")).version).toBe(stat.version);
      await using opened = await files.read("file");
      expect(opened.stat.version).toBe(stat.version);
      await expectRefusal(files.write("file", encode("other"), { expect: "absent" }), "file_exists");
      const next = await files.write("file", encode("two"), { expect: stat.version });
      expect(next.stat.version).not.toBe(stat.version);
      await expectRefusal(files.write("file", encode("three"), { expect: stat.version }), "file_changed");
      await expectRefusal(files.write("new", encode("three"), { expect: stat.version }), "file_changed");
      expect(await contentOf(files, "file")).toBe("two");
      expect(await names(files)).toEqual(["file"]);
    });

    test("are made, moved and removed, also again", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      expect(await files.mkdir("a/b/c")).toEqual({ path: "a/b/c", created: true });
      expect(await files.mkdir("a/b/c/")).toEqual({ path: "a/b/c", created: false });
      await files.write("a/b/file", encode("x"));
      await expectRefusal(files.mkdir("a/b/file"), "not_a_directory");
      await expectRefusal(files.mkdir("a/b/file/below"), "not_a_directory");
      await expectRefusal(files.rename("a/b/file", "a/b/c"), "file_exists");
      await expectRefusal(files.rename("a/b/file", "a/b/c", { replace: true }), "is_a_directory");
      await expectRefusal(files.rename("a/b/c", "a/b/file", { replace: true }), "not_a_directory");
      await expectRefusal(files.rename("a/b/file", "missing/file"), "file_not_found");
      await expectRefusal(files.rename("missing", "a/b/new"), "file_not_found");
      await expectRefusal(files.rename("a", "a/b/c/a"), "invalid_input");
      expect(await files.rename("a/b/file", "file")).toEqual({ path: "file" });
      await files.write("other", encode("other"));
      await expectRefusal(files.rename("other", "file"), "file_exists");
      expect(await files.rename("other", "file", { replace: true })).toEqual({ path: "file" });
      expect(await contentOf(files, "file")).toBe("other");
      await files.rename("a", "moved");
      expect(await names(files)).toEqual(["file", "moved"]);
      expect(await names(files, "moved/b")).toEqual(["c"]);
      await expectRefusal(files.remove("moved"), "directory_not_empty");
      expect(await files.remove("moved/b/c")).toEqual({ path: "moved/b/c", removed: true });
      expect(await files.remove("moved/b/c")).toEqual({ path: "moved/b/c", removed: false });
      await files.write("moved/b/file", encode("x"));
      expect(await files.remove("moved", { recursive: true })).toEqual({ path: "moved", removed: true });
      expect(await files.remove("moved/b/file")).toMatchObject({ removed: false });
      expect(await files.remove("file")).toEqual({ path: "file", removed: true });
      expect(await names(files)).toEqual([]);
      for (const work of [
        () => files.remove("", { recursive: true }),
        () => files.rename("", "x"),
        () => files.mkdir("x").then(() => files.rename("x", "", { replace: true })),
      ])
        await expectRefusal(work(), "invalid_input");
    });

    test("are looked for below a directory that is there and no other", async () => {
      if (lacking()) return;
      const { files, box, root } = await fresh();
      await box.files.write(`${root}/file`, encode("x"));
      await expectRefusal(box.within(`${root}/missing`).list(""), "file_not_found");
      await expectRefusal(box.within(`${root}/file`).list(""), "not_a_directory");
      await expectRefusal(box.within("relative").list(""), "invalid_input");
      const later = box.within(`${root}/later`);
      await files.mkdir("later/below");
      expect(await names(later)).toEqual(["below"]);
      await files.remove("later", { recursive: true });
      await files.mkdir("later/again");
      expect(await names(later)).toEqual(["again"]);
    });
  });

  describe("a permit", () => {
    const refusal = new Error("not this one");
    const recorder = (allowed: (path: string) => boolean = () => true) => {
      const asked: string[] = [];
      return {
        asked,
        permit: (path: string) => {
          asked.push(path);
          if (!allowed(path)) throw refusal;
        },
      };
    };

    test("is asked with the path and what lies there, and what it throws is the answer", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      await files.write("a/file", encode("x"), { parents: true });
      await files.mkdir("a/full/deep");
      const before = await files.stat("a/file");
      const { asked, permit } = recorder(() => false);
      for (const work of [
        () => files.stat("./a/file", { permit }),
        () => files.list("a", { permit }),
        () => files.read("a/file", { permit }),
        () => files.write("a/file", encode("y"), { permit }),
        () => files.write("b/c/new", encode("y"), { parents: true, permit }),
        () => files.mkdir("b/c", { permit }),
        () => files.rename("a/file", "a/other", { permit }),
        () => files.remove("a/full", { recursive: true, permit }),
      ])
        await expect(work()).rejects.toBe(refusal);
      expect(asked).toEqual(["a/file", "a", "a/file", "a/file", "b/c/new", "b/c", "a/file", "a/full"]);
      expect(await names(files)).toEqual(["a"]);
      expect(await names(files, "a")).toEqual(["file", "full"]);
      expect(await files.stat("a/file")).toEqual(before);
      const entries: unknown[] = [];
      await files.write("a/file", encode("y"), { permit: (_path, entry) => void entries.push(entry) });
      await files.write("a/new", encode("y"), { permit: (_path, entry) => void entries.push(entry) });
      expect(entries).toEqual([before, undefined]);
    });

    test("is asked about everything that is removed or moved with a directory, before anything is", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      for (const path of ["d/one", "d/deep/secret", "d/deep/two"])
        await files.write(path, encode(path), { parents: true });
      const guarded = recorder((path) => !path.endsWith("secret"));
      await expect(files.remove("d", { recursive: true, permit: guarded.permit })).rejects.toBe(refusal);
      await expect(files.rename("d", "e", { permit: guarded.permit })).rejects.toBe(refusal);
      expect(await names(files, "d/deep")).toEqual(["secret", "two"]);
      const { asked, permit } = recorder();
      await files.rename("d", "e", { permit });
      expect(asked.slice(0, 2)).toEqual(["d", "e"]);
      const below = ["deep", "deep/secret", "deep/two", "one"];
      expect(asked.slice(2).sort()).toEqual([...below.map((each) => `d/${each}`), ...below.map((each) => `e/${each}`)]);
      const removal = recorder();
      await files.remove("e", { recursive: true, permit: removal.permit });
      expect(removal.asked.sort()).toEqual(["e", ...below.map((each) => `e/${each}`)]);
      expect(await names(files)).toEqual([]);
    });
  });
}

async function* parts(...all: string[]): AsyncGenerator<Uint8Array> {
  for (const each of all) yield encode(each);
}
