import { expect, test } from "vitest";
import { DIRECTORY_MODE, parseCommit, parseTree } from "./git-objects.ts";
import { MalformedPush } from "./pkt-line.ts";
import { ownWorkflow } from "./push-workflows.ts";

const ID = "ab".repeat(20);
const OTHER = "cd".repeat(20);

test("a commit's tree and parents are read from its head alone", () => {
  const text = `tree ${ID}\nparent ${OTHER}\nauthor A <a@b> 1 +0000\nparent ${ID}\n\nparent ${ID}\n`;
  expect(parseCommit(Buffer.from(text))).toEqual({ tree: ID, parents: [OTHER] });
  expect(() => parseCommit(Buffer.from("parent x\n"))).toThrow(MalformedPush);
});

test.each(["40000", "040000", "40755"])("a directory with the mode %s is one", (mode) => {
  expect(parseTree(entry(mode, ".github", ID), 20).get(".github")).toEqual({ mode: DIRECTORY_MODE, id: ID });
});

test("a broken directory, or one that names something twice, is refused", () => {
  const twice = Buffer.concat([entry("40000", "a", ID), entry("100644", "a", OTHER)]);
  for (const content of [twice, entry("4x", "a", ID), entry("40000", "a", ID).subarray(0, -1)]) {
    expect(() => parseTree(content, 20)).toThrow(MalformedPush);
  }
});

test.each([
  ["a new one", [], ".github/workflows/ci.yml"],
  ["one that a parent has", ["same"], undefined],
  ["one that another parent has", ["other", "same"], undefined],
  ["one that no parent has so", ["other", "none"], ".github/workflows/ci.yml"],
])("of workflow files, %s is the commit's own: %j, %s", async (_, parents, own) => {
  const trees: Record<string, Buffer> = {
    commit: entry("40000", ".github", id("github")),
    same: entry("40000", ".github", id("github")),
    other: entry("40000", ".github", id("github2")),
    none: entry("100644", "a", ID),
    github: entry("40000", "workflows", id("workflows")),
    github2: entry("40000", "workflows", id("workflows2")),
    workflows: entry("100644", "ci.yml", ID),
    workflows2: entry("100644", "ci.yml", OTHER),
  };
  const read = async (asked: string) => {
    const name = Object.keys(trees).find((each) => id(each) === asked) ?? "";
    return parseTree(trees[name] ?? Buffer.alloc(0), 20);
  };
  expect(await ownWorkflow({ tree: id("commit"), parents }, async (parent) => id(parent), read)).toBe(own);
});

function entry(mode: string, name: string, to: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(to, "hex")]);
}

function id(name: string): string {
  return Buffer.from(name).toString("hex").padEnd(40, "0");
}
