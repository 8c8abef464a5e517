import { describe, expect, test } from "vitest";

import type { Box, ConfinedFiles } from "../../ports.ts";
import { contentOf } from "./confined-place.ts";
import { encode, expectCode, freshDirectory, script } from "./probing.ts";
import type { BoxUnderTest } from "./under-test.ts";

/** Paths and links that are made to lead out of the directory, and how each use of one is refused. */
export function hostileConfinedTests(place: () => BoxUnderTest): void {
  /** A root beside which lie a secret, and a directory whose name begins with the root's. */
  const fresh = async () => {
    const { box, link = linkIn(box) } = place();
    const around = await freshDirectory(box);
    const root = `${around}/alpha`;
    await box.files.mkdir(`${root}/inside`);
    await box.files.write(`${root}/inside/file`, encode("inside"));
    for (const path of ["secret", "alpha-secrets/secret"]) {
      if (path.includes("/")) await box.files.mkdir(`${around}/alpha-secrets`);
      await box.files.write(`${around}/${path}`, encode("outside"));
    }
    return {
      box,
      around,
      root,
      files: box.within(root),
      link: (target: string, path: string) => link(target, `${root}/${path}`),
    };
  };
  const lacking = (): boolean => place().box.missing.includes("confined");
  const untouched = async ({ box, around }: { box: BoxUnderTest["box"]; around: string }): Promise<void> => {
    const names = (await box.files.list(around)).map(({ name }) => name).sort();
    expect(names).toEqual(["alpha", "alpha-secrets", "secret"]);
    expect((await box.files.list(`${around}/alpha-secrets`)).map(({ name }) => name)).toEqual(["secret"]);
    const beside = box.within(around);
    expect(await contentOf(beside, "secret")).toBe("outside");
    expect(await contentOf(beside, "alpha-secrets/secret")).toBe("outside");
  };
  const uses = (files: ConfinedFiles, path: string): (() => Promise<unknown>)[] => [
    () => files.stat(path),
    () => files.list(path),
    () => files.read(path),
    () => files.write(path, encode("x"), { parents: true }),
    () => files.mkdir(path),
    () => files.rename(path, "inside/moved"),
    () => files.rename("inside/file", path, { replace: true }),
    () => files.remove(path, { recursive: true }),
  ];

  describe("what leads out of the directory", () => {
    test("is refused by its words, whatever is done with it (a sibling's prefix: CVE-2025-53110)", async () => {
      if (lacking()) return;
      const subject = await fresh();
      for (const path of LEADING_OUT) {
        for (const work of uses(subject.files, path)) {
          const code = await work().then(
            () => "allowed",
            (error: { code: string }) => error.code,
          );
          expect([path, code]).toEqual([path, "path_traversal"]);
        }
      }
      await untouched(subject);
      expect(await contentOf(subject.files, "inside/file")).toBe("inside");
    });

    test("is an ordinary name where only another system would take it for a way out", async () => {
      if (lacking()) return;
      const subject = await fresh();
      for (const path of ORDINARY) {
        await expectCode(subject.files.read(path), "file_not_found");
        await subject.files.write(path, encode(path), { parents: true });
        expect(await contentOf(subject.files, path)).toBe(path);
        const [first = ""] = path.split("/");
        expect((await subject.files.list("")).entries.map(({ name }) => name).sort()).toEqual([first, "inside"].sort());
        await subject.files.remove(first, { recursive: true });
      }
      await untouched(subject);
    });

    test("is no path where no file can be called so", async () => {
      if (lacking()) return;
      const subject = await fresh();
      for (const path of ["x".repeat(256), "ü".repeat(128), "a/".repeat(2_100), "\ud800", "inside/\udc00x"])
        for (const work of uses(subject.files, path)) await expectCode(work(), "invalid_input");
      await untouched(subject);
    });
  });

  describe("a link below the directory", () => {
    test("is followed where it stays below, by what it says from there or from the top", async () => {
      if (lacking()) return;
      const { root, files, link } = await fresh();
      await link("inside", "directory");
      await link("directory/file", "relative");
      await link(`${root}/inside/file`, "absolute");
      await link("../inside/../inside/./file", "inside/around");
      for (const path of ["directory/file", "relative", "absolute", "inside/around"]) {
        expect([path, await contentOf(files, path)]).toEqual([path, "inside"]);
        const asked: string[] = [];
        await using opened = await files.read(path, { permit: (real) => void asked.push(real) });
        expect([asked, opened.path]).toEqual([["inside/file"], "inside/file"]);
        expect((await files.stat(path, { follow: true })).path).toBe("inside/file");
      }
      expect(await files.stat("relative")).toMatchObject({
        type: "symlink",
        target: "directory/file",
        path: "relative",
      });
      expect((await files.list("directory")).path).toBe("inside");
      const { entries } = await files.list("");
      expect(entries.find(({ name }) => name === "absolute")).toMatchObject({
        type: "symlink",
        target: `${root}/inside/file`,
      });
      expect(await files.write("directory/new", encode("x"))).toMatchObject({ path: "inside/new", created: true });
      expect(await files.mkdir("directory/made/deep")).toMatchObject({ path: "inside/made/deep", created: true });
      expect(await files.rename("directory/new", "renamed")).toEqual({ path: "renamed" });
      expect(await files.remove("directory/made", { recursive: true })).toEqual({ path: "inside/made", removed: true });
    });

    test("leads nowhere else (CVE-2025-53109, a link out of the allowed directory)", async () => {
      if (lacking()) return;
      const subject = await fresh();
      const { around, files, link } = subject;
      const out: [target: string, path: string, below: string][] = [
        ["..", "up", "secret"],
        ["../alpha-secrets", "sibling", "secret"],
        [around, "absolute", "secret"],
        ["inside/../../alpha-secrets", "through", "secret"],
        ["/", "top", "etc/passwd"],
        ["/proc/self/root", "magic", "etc/passwd"],
        ["/proc/self/cwd", "here", "x"],
        ["../alpha/inside", "out-and-in", "file"],
      ];
      for (const [target, path, below] of out) {
        await link(target, path);
        for (const work of [
          () => files.stat(path, { follow: true }),
          () => files.list(path),
          ...uses(files, `${path}/${below}`),
          ...uses(files, `${path}/new/deep`),
        ]) {
          const code = await work().then(
            () => "allowed",
            (error: { code: string }) => error.code,
          );
          expect([path, code]).toEqual([path, "path_traversal"]);
        }
        expect(await files.stat(path)).toMatchObject({ type: "symlink", target });
      }
      await link("../secret", "leak");
      await expectCode(files.read("leak"), "path_traversal");
      await expectCode(files.mkdir("leak"), "path_traversal");
      await untouched(subject);
    });

    test("is not written through, and is moved and removed as itself", async () => {
      if (lacking()) return;
      const subject = await fresh();
      const { files, link } = subject;
      await link("../secret", "leak");
      await link("inside/file", "near");
      await link("inside/none", "broken");
      for (const path of ["leak", "near", "broken"]) {
        await expectCode(files.write(path, encode("x")), "not_a_regular_file");
        await expectCode(files.write(path, encode("x"), { expect: "absent" }), "not_a_regular_file");
      }
      await expectCode(files.read("broken"), "file_not_found");
      await files.rename("leak", "moved");
      await files.write("plain", encode("plain"));
      await files.rename("plain", "near", { replace: true });
      expect(await files.stat("near")).toMatchObject({ type: "file", size: 5 });
      expect(await files.remove("moved", { recursive: true })).toEqual({ path: "moved", removed: true });
      await files.remove("broken");
      await files.mkdir("trap");
      await link("../..", "trap/up");
      await link("../inside", "trap/in");
      await files.remove("trap", { recursive: true });
      expect((await files.list("")).entries.map(({ name }) => name)).toEqual(["inside", "near"]);
      expect(await contentOf(files, "inside/file")).toBe("inside");
      await untouched(subject);
    });

    test("that leads to itself leads nowhere", async () => {
      if (lacking()) return;
      const { files, link } = await fresh();
      await link("loop", "loop");
      await link("pong", "ping");
      await link("ping/x", "pong");
      for (const path of ["loop", "loop/below", "ping", "pong/below"])
        await expectCode(files.read(path), "invalid_input");
    });
  });
}

function linkIn(box: Box): NonNullable<BoxUnderTest["link"]> {
  return async (target, path) => void (await script(box, 'ln -s -- "$1" "$2"', target, path));
}

const LEADING_OUT = [
  "..",
  "../",
  "../secret",
  "../alpha-secrets/secret",
  "../alpha/inside/file",
  "../../../../../../../../etc/passwd",
  "inside/..",
  "inside/../../secret",
  "inside/../inside/file",
  "inside/../../alpha-secrets/secret",
  "./../secret",
  "./.././secret",
  ".//..//secret",
  "inside//../..//secret",
  "inside/./../../secret",
  "inside/file/../../../secret",
  "missing/../../secret",
  "missing/..",
  "a/b/c/../../../../secret",
  "..//secret",
  "../.",
  "../..",
  "inside/...//../../secret",
  "/",
  "//",
  "/etc/passwd",
  "//etc/passwd",
  "/../etc/passwd",
  "/proc/self/root/etc/passwd",
  "/proc/self/environ",
  "/proc/self/fd/0",
  "/dev/zero",
  "/inside/file",
  "\0",
  "\0/etc/passwd",
  "inside/file\0",
  "inside/file\0.png",
  "inside\0/../../secret",
  "inside/\0",
  "../secret\0.txt",
  "-/../../secret",
  "~/../../secret",
  "inside/../",
  "inside/.././../secret",
];

const ORDINARY = [
  "~",
  "~root/.ssh/authorized_keys",
  "$HOME/secret",
  "${HOME}",
  "`id`",
  "$(id)",
  "%2e%2e/secret",
  "..%2fsecret",
  "%2e%2e%2fsecret",
  "..%c0%afsecret",
  "%00",
  "..\\secret",
  "..\\..\\secret",
  "C:\\Windows\\system.ini",
  "C:secret",
  "\\\\server\\share",
  "...",
  "..../secret",
  ".. ",
  " ..",
  "..;/secret",
  "．．/secret",
  "‥/secret",
  "..\u2215secret",
  "file:",
  "-rf",
  "--output=secret",
  "new\nline",
  "tab\tbell\u0007",
  "*",
  "?",
  "[a]",
  "CON",
  "nul.txt",
  "e\u0301",
  "é",
];
