import { expect, test } from "vitest";
import type { FileEntry } from "@ws/rpc-contract";
import { createTree, type Listing, type Tree } from "./tree.ts";

function entry(name: string, type: FileEntry["type"] = "file"): FileEntry {
  return { name, type, size: 1, modifiedAt: "2026-11-01T10:00:00.000Z", mode: 0o644 };
}

function refusal(code: string): Error {
  return Object.assign(new Error(code), { code: "X", status: 400, data: { code } });
}

/** Directories by path; what is not in them is not there. Counts what was asked for. */
function fixture(directories: Record<string, readonly FileEntry[]>) {
  const asked: string[] = [];
  const tree = createTree();
  tree.listBy(async (path): Promise<Listing> => {
    asked.push(path);
    const entries = directories[path];
    if (entries === undefined) throw refusal("file_not_found");
    return { entries, truncated: false };
  });
  return { tree, asked, directories };
}

const settled = (tree: Tree) => expect.poll(() => shown(tree).some((line) => line.endsWith("loading"))).toBe(false);

function shown(tree: Tree): string[] {
  return tree
    .state()
    .rows.map((row) => `${"  ".repeat(row.level - 1)}${row.kind === "entry" ? row.entry.name : row.note.kind}`);
}

test("A folder is listed when it is opened, and nothing below it before", async () => {
  const { tree, asked } = fixture({ "": [entry("src", "directory"), entry("a.md")], src: [entry("x.ts")] });
  expect(tree.state().root).toBe("loading");
  await tree.refresh();
  expect([tree.state().root, shown(tree), asked]).toEqual(["ready", ["src", "a.md"], [""]]);
  tree.expand("src");
  expect(shown(tree)).toEqual(["src", "  loading", "a.md"]);
  await settled(tree);
  expect([shown(tree), asked]).toEqual([
    ["src", "  x.ts", "a.md"],
    ["", "src"],
  ]);
});

test("What is closed is forgotten with all below it, and asked for anew", async () => {
  const { tree, asked } = fixture({ "": [entry("a", "directory")], a: [entry("b", "directory")], "a/b": [] });
  await tree.refresh();
  tree.reveal("a/b/file");
  await settled(tree);
  expect(shown(tree)).toEqual(["a", "  b", "    empty"]);
  tree.collapse("a");
  expect(shown(tree)).toEqual(["a"]);
  tree.expand("a");
  await settled(tree);
  expect([shown(tree), asked.filter((path) => path === "a").length]).toEqual([["a", "  b"], 2]);
});

test("A folder that was removed meanwhile closes, and the one above it says so", async () => {
  const { tree, directories } = fixture({ "": [entry("a", "directory")], a: [entry("x")] });
  await tree.refresh();
  tree.expand("a");
  await settled(tree);
  delete directories["a"];
  directories[""] = [entry("b")];
  await tree.refresh(["a"]);
  await expect.poll(() => shown(tree)).toEqual(["b"]);
});

test("A refusal stands in its folder, and what was known stays", async () => {
  let refuse = false;
  const tree = createTree();
  tree.listBy(async () => {
    if (refuse) throw refusal("permission_denied");
    return { entries: [entry("x")], truncated: true };
  });
  await tree.refresh();
  expect(shown(tree)).toEqual(["x", "truncated"]);
  refuse = true;
  await tree.refresh();
  expect(shown(tree)).toEqual(["x", "failed"]);
});

test("An answer that comes after a newer question is not taken", async () => {
  const answers: PromiseWithResolvers<Listing>[] = [];
  const tree = createTree();
  tree.listBy(() => {
    const answer = Promise.withResolvers<Listing>();
    answers.push(answer);
    return answer.promise;
  });
  const first = tree.refresh();
  const second = tree.refresh();
  answers[1]?.resolve({ entries: [entry("new")], truncated: false });
  await second;
  answers[0]?.resolve({ entries: [entry("old")], truncated: false });
  await first;
  expect(shown(tree)).toEqual(["new"]);
});

test("A file called like a folder that was open is no folder", async () => {
  const { tree, directories } = fixture({ "": [entry("a", "directory")], a: [entry("x")] });
  await tree.refresh();
  tree.expand("a");
  await settled(tree);
  directories[""] = [entry("a")];
  await tree.refresh([""]);
  expect(shown(tree)).toEqual(["a"]);
  expect(tree.state().rows[0]).not.toHaveProperty("expanded");
});

test("A workspace that was renamed is listed by its new name, and an answer for the old one is not taken", async () => {
  const tree = createTree();
  expect(tree.state().root).toBe("loading");
  const old = Promise.withResolvers<Listing>();
  tree.listBy(() => old.promise);
  const first = tree.refresh();
  tree.listBy(async () => ({ entries: [entry("renamed")], truncated: false }));
  await tree.refresh();
  old.reject(refusal("workspace_not_found"));
  await first;
  expect(shown(tree)).toEqual(["renamed"]);
});
