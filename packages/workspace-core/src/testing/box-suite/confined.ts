import { describe, expect, test } from "vitest";

import { confinedPlace, contentOf } from "./confined-place.ts";
import { encode, expectCode, finish, script, text } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

/** What confined files do about everything that only a real place has. */
export function confinedTests(place: () => BoxUnderTest): void {
  const { lacking, fresh } = confinedPlace(place);

  describe("files below a directory of a real place", () => {
    test("that are none are refused at once and never waited for (a FIFO that hangs the daemon)", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await script(box, 'cd "$1" && mkfifo pipe && ln -s pipe near', root);
      const socket = "use IO::Socket::UNIX; IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or exit 1";
      expect((await finish(box, ["perl", "-e", socket, `${root}/socket`])).code).toBe(0);
      for (const path of ["pipe", "socket", "near"]) {
        await expectCode(files.read(path), "not_a_regular_file");
        await expectCode(files.write(path, encode("x")), "not_a_regular_file");
      }
      expect(await files.stat("pipe")).toMatchObject({ type: "other" });
      expect(await files.stat("near", { follow: true })).toMatchObject({ type: "other", path: "pipe" });
      expect((await files.list("")).entries.map(({ type }) => type)).toEqual(["symlink", "other", "other"]);
      await files.rename("pipe", "moved");
      await files.remove("moved");
      await expectCode(files.read("near"), "file_not_found");
    });

    test("of a hundred gigabytes are read where they are asked for", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await script(box, 'cd "$1" && truncate -s 100G large && printf end >>large', root);
      const offset = 100 * 1024 ** 3;
      await using opened = await files.read("large", { offset, length: 10 });
      expect(opened.stat.size).toBe(offset + 3);
      expect(await text(opened.content)).toBe("end");
      await using whole = await files.read("large");
      for await (const part of whole.content) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
    });

    test("with a second name elsewhere keep its content there", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await files.mkdir("below");
      await script(box, 'cd "$1" && printf shared >other && ln other below/file', root);
      const below = box.within(`${root}/below`);
      expect(await below.stat("file")).toMatchObject({ links: 2 });
      expect((await below.write("file", encode("mine"))).stat).toMatchObject({ links: 1, size: 4 });
      expect(await contentOf(files, "other")).toBe("shared");
      expect(await files.stat("other")).toMatchObject({ links: 1 });
    });

    test("have another version once a program has changed them", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      const { stat } = await files.write("file", encode("one\n"));
      await script(box, 'cd "$1" && echo two >>file', root);
      await expectCode(files.write("file", encode("x"), { expect: stat.version }), "file_changed");
      const { version } = await files.stat("file");
      await script(box, 'cd "$1" && cp file copy && mv copy file', root);
      await expectCode(files.write("file", encode("x"), { expect: version }), "file_changed");
      expect(await contentOf(files, "file")).toBe("one\ntwo\n");
    });

    test("are written by one of many that expect nothing there", async () => {
      if (lacking()) return;
      const { files } = await fresh();
      const writes = Array.from({ length: 20 }, (_each, index) =>
        files.write("file", encode(`writer ${index}`), { expect: "absent" }).then(
          () => `writer ${index}`,
          (error: { code: string }) => error.code,
        ),
      );
      const outcomes = await Promise.all(writes);
      const winners = outcomes.filter((outcome) => outcome !== "file_exists");
      expect(winners).toEqual([await contentOf(files, "file")]);
      expect((await files.list("")).entries.map(({ name }) => name)).toEqual(["file"]);
    });

    test("are refused to whom their owner refuses them", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      // Root is refused nothing.
      if ((await finish(box, ["id", "-u"])).stdout.trim() === "0") return expect(box.user).toBe("root");
      await script(box, 'cd "$1" && mkdir closed locked && echo x >closed/file && echo x >locked/file', root);
      await script(box, 'cd "$1" && echo x >mine && chmod 000 mine closed && chmod 500 locked', root);
      await expectCode(files.read("mine"), "permission_denied");
      await expectCode(files.list("closed"), "permission_denied");
      await expectCode(files.read("closed/file"), "permission_denied");
      await expectCode(files.write("locked/new", encode("x")), "permission_denied");
      await expectCode(files.mkdir("locked/new"), "permission_denied");
      await expectCode(files.remove("locked/file"), "permission_denied");
      expect(await files.remove("locked", { recursive: true })).toMatchObject({ removed: true });
    });

    test("are ten thousand in one directory, or a thousand directories deep", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await script(
        box,
        'cd "$1" && mkdir many && cd many && seq -f "file-with-a-longer-name-%g" 10000 | xargs touch',
        root,
      );
      expect((await files.list("many")).entries).toHaveLength(10_000);
      const asked = new Set<string>();
      await files.remove("many", { recursive: true, permit: (path) => void asked.add(path) });
      expect(asked.size).toBe(10_001);
      const deep = Array.from({ length: 300 }, () => "d").join("/");
      await files.write(`${deep}/file`, encode("deep"), { parents: true });
      expect(await contentOf(files, `${deep}/file`)).toBe("deep");
      await files.remove("d", { recursive: true, permit: () => undefined });
      const deeper = 'cd "$1"; i=0; while [ $i -lt 1100 ]; do mkdir d && cd -P d && i=$((i+1)); done';
      await script(box, deeper, root);
      await expectCode(files.remove("d", { recursive: true, permit: () => undefined }), "invalid_input");
      await files.remove("d", { recursive: true });
      expect((await files.list("")).entries).toEqual([]);
    });

    test("lie below no link, whoever put it in the directory's place", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await files.mkdir("real");
      await script(box, 'cd "$1" && ln -s real link && ln -s /etc away', root);
      for (const name of ["link", "away"]) await expectCode(box.within(`${root}/${name}`).list(""), "not_a_directory");
    });

    test("are not written where a link in the home leads (`~/.ssh` to `/etc`: `docker cp` wrote as root)", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await script(box, 'ln -s /etc "$1/.ssh"', root);
      for (const options of [{}, { parents: true }])
        await expectCode(files.write(".ssh/evilkey", encode("x"), options), "path_traversal");
      await expectCode(files.mkdir(".ssh/evilkeys"), "path_traversal");
      await expectCode(files.rename(".ssh/passwd", "passwd"), "path_traversal");
      expect((await finish(box, ["ls", "-d", "/etc/evilkey", "/etc/evilkeys"])).stdout).toBe("");
    });

    test("unpacked entry by entry stay below, links among them included (tar-fs CVE-2025-59343)", async () => {
      if (lacking()) return;
      const { box, root, files } = await fresh();
      await files.mkdir("unpacked/safe");
      await script(
        box,
        'cd "$1" && echo outside >victim && cd unpacked && ln -s ../victim file && ln -s .. directory',
        root,
      );
      const below = box.within(`${root}/unpacked`);
      const entries = ["file", "directory/victim", "directory/new", "../victim", "safe/../../victim", `${root}/victim`];
      for (const path of entries)
        await expect(below.write(path, encode("evil"), { parents: true })).rejects.toMatchObject({
          code: path === "file" ? "not_a_regular_file" : "path_traversal",
        });
      expect(await contentOf(files, "victim")).toBe("outside\n");
      expect((await files.list("")).entries.map(({ name }) => name)).toEqual(["unpacked", "victim"]);
    });
  });
}
