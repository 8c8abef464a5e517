import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPolicy } from "../../policy/policy.ts";
import { createFileTree, type FileTree } from "../../testing/file-tree.ts";
import { behindPolicy } from "../behind-policy.ts";
import { readTar } from "./read-tar.ts";
import { tarHeader, padding, type TarEntry } from "./tar-header.ts";
import { unpackTar } from "./unpack-tar.ts";
import { writeTar } from "./write-tar.ts";
import { leadsOutOf } from "./link-target.ts";

const utf8 = new TextEncoder();
const join = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(parts.flatMap((part) => [...part]));

async function* pieces(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** A tar as somebody else may have made it. */
function tar(entries: readonly (Partial<TarEntry> & { path: string; content?: string })[]): Uint8Array {
  const parts = entries.flatMap(({ content = "", ...entry }) => {
    const bytes = utf8.encode(content);
    const header = tarHeader({ type: "file", mode: 0o644, modifiedAt: 0, ...entry, size: bytes.length });
    return [header, bytes, padding(bytes.length)];
  });
  return join([...parts, new Uint8Array(1_024)]);
}

async function packed(tree: FileTree, root = "", rules = {}): Promise<Uint8Array> {
  const files = behindPolicy(tree.files, createPolicy([{ of: "workspace", name: "demo", rules }]));
  return join(await Array.fromAsync(writeTar(files, root)));
}

async function paths(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  for await (const { path } of readTar(pieces(bytes))) found.push(path);
  return found;
}

test("a directory goes out and comes in as it was, however its bytes are cut, with any names and contents", async () => {
  const name = fc.string({ unit: fc.constantFrom("a", "é", "漢", " ", "-", "%"), minLength: 1, maxLength: 30 });
  const path = fc.array(name, { minLength: 1, maxLength: 6 }).map((names) => names.join("/"));
  const content = fc.string({ maxLength: 1_200 });
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(path, content, { maxKeys: 5 }),
      fc.integer({ min: 1, max: 3_000 }),
      async (given, size) => {
        const clear = Object.keys(given).every((one) =>
          Object.keys(given).every((other) => !other.startsWith(`${one}/`)),
        );
        fc.pre(clear);
        const tree = createFileTree(given);
        const other = createFileTree();
        await unpackTar(other.files, "", pieces(await packed(tree), size));
        expect(other.texts()).toEqual(tree.texts());
      },
    ),
    { numRuns: 30 },
  );
});

test("what the policy hides, links that lead out and secrets are not in it", async () => {
  const tree = createFileTree({ "src/a": "1", "src/private/b": "2", "src/.env": "K=1", "src/sub/c": "3" });
  for (const [path, target] of Object.entries({
    in: "a",
    up: "../x",
    abs: "/etc/passwd",
    "sub/up": "../a",
    "sub/out": "../../x",
  })) {
    tree.link(`src/${path}`, target);
  }
  expect((await paths(await packed(tree, "src", { hiddenPaths: ["**/private"] }))).sort()).toEqual([
    "a",
    "in",
    "sub/",
    "sub/c",
    "sub/up",
  ]);
});

test.each<[string, string, boolean]>([
  ["a", "b", false],
  ["a/b", "../c", false],
  ["a/b", "../../c", true],
  ["a/b", "x/../../../c", true],
  ["a", "..", true],
  ["a", "/b", true],
  ["a", "", true],
])("a link at %s to %s leads out: %s", (path, target, out) => {
  expect(leadsOutOf(path, target)).toBe(out);
});

describe("what an archive from elsewhere may hold (tar-fs CVE-2025-59343, node-tar CVE-2026-23745)", () => {
  test.each([
    ["up", "../x"],
    ["up behind a directory", "a/../../x"],
    ["absolute", "/etc/cron.d/x"],
    ["up in a long name", `${"d/".repeat(60)}${"../".repeat(61)}x`],
  ])("a path that leads %s ends it", async (_how, path) => {
    const tree = createFileTree({ kept: "1" });
    await expect(unpackTar(tree.files, "sub", pieces(tar([{ path, content: "x" }])))).rejects.toMatchObject({
      code: "path_traversal",
    });
    expect(tree.texts()).toEqual({ kept: "1" });
  });

  test("a link is not made, so that nothing is written through it", async () => {
    const tree = createFileTree({ "victim/x": "1" });
    const hostile = tar([
      { path: "way", type: "symlink", target: "../victim" },
      { path: "way/x", content: "2" },
    ]);
    expect(await unpackTar(tree.files, "sub", pieces(hostile))).toEqual({
      files: 1,
      directories: 0,
      skipped: 1,
      bytes: 1,
    });
    expect(tree.texts()).toEqual({ "sub/way/x": "2", "victim/x": "1" });
  });

  test("a link that is there already is not followed out, nor written through", async () => {
    const tree = createFileTree({ x: "1" });
    tree.link("out", "/etc");
    tree.link("f", "x");
    await expect(unpackTar(tree.files, "", pieces(tar([{ path: "out/passwd", content: "2" }])))).rejects.toMatchObject({
      code: "path_traversal",
    });
    await expect(unpackTar(tree.files, "", pieces(tar([{ path: "f", content: "2" }])))).rejects.toMatchObject({
      code: "not_a_regular_file",
    });
    expect(tree.texts()).toEqual({ x: "1" });
  });

  test("git's own and secrets are not written", async () => {
    const tree = createFileTree();
    const files = behindPolicy(tree.files, createPolicy());
    for (const path of [".git/hooks/pre-commit", "lib/.git/config", ".env", ".ssh/authorized_keys"]) {
      await expect(unpackTar(files, "", pieces(tar([{ path, content: "x" }])))).rejects.toMatchObject({
        code: "path_not_allowed",
      });
    }
    expect(tree.texts()).toEqual({});
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ["a wrong checksum", (bytes) => bytes.with(3, 0x7a)],
    ["an end before its content's", (bytes) => bytes.subarray(0, 600)],
    ["half a header", (bytes) => bytes.subarray(0, 100)],
    ["other bytes", () => utf8.encode("PK\u0003\u0004 and so on".repeat(100))],
  ])("%s is told", async (_what, spoil) => {
    const bytes = spoil(tar([{ path: "f", content: "x".repeat(1_000) }]));
    await expect(unpackTar(createFileTree().files, "", pieces(bytes))).rejects.toMatchObject({ code: "invalid_input" });
  });
});
