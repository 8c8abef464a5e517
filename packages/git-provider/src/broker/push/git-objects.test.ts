import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { DIRECTORY_MODE, parseCommit, parseTree } from "./git-objects.ts";
import { MalformedPush } from "../protocol/pkt-line.ts";
import { ownWorkflow } from "./workflows.ts";

const ID = "ab".repeat(20);
const OTHER = "cd".repeat(20);

test("a commit's tree and parents are read from its head alone", () => {
  const text = `tree ${ID}\nparent ${OTHER}\nauthor A <a@b> 1 +0000\nparent ${ID}\n\nparent ${ID}\n`;
  expect(parseCommit(Buffer.from(text))).toEqual({ tree: ID, parents: [OTHER] });
  expect(() => parseCommit(Buffer.from("parent x\n"))).toThrow(MalformedPush);
});

test("of a commit nothing is kept but its ids, and one with more parents than are looked at is refused", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const used = (): number => (collect(), process.memoryUsage().heapUsed);
  const before = used();
  const kept = Array.from({ length: 100 }, () => {
    const content = Buffer.alloc(1_000_000, "a");
    content.write(`tree ${ID}\nparent ${OTHER}\nauthor `);
    return parseCommit(content);
  });
  expect(used() - before).toBeLessThan(20_000_000);
  expect(kept[99]).toEqual({ tree: ID, parents: [OTHER] });
  expect(() => parseCommit(Buffer.from(`tree ${ID}\n${`parent ${OTHER}\n`.repeat(1_400)}\n`))).toThrow(/more parents/);
});

test.each(["40000", "040000", "40755"])("a directory with the mode %s is one", (mode) => {
  expect(parseTree(entry(mode, ".github", ID), 20).get(".github")).toEqual({ mode: DIRECTORY_MODE, id: ID });
});

test("two names that are no UTF-8 are two names", () => {
  const names = [0xe4, 0xf6].map((byte) => Buffer.from([byte]).toString("latin1"));
  const entries = names.map((name) =>
    Buffer.concat([Buffer.from(`100644 ${name}\0`, "latin1"), Buffer.from(ID, "hex")]),
  );
  expect([...parseTree(Buffer.concat(entries), 20).keys()]).toEqual(names);
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

test("directories of workflow files that lie endlessly in one another, or are larger than any, are refused", async () => {
  const entries = Array.from({ length: 1_000 }, (_, at) => [`f${at}`, { mode: DIRECTORY_MODE, id: "" }] as const);
  let count = 0;
  const read = async () => {
    const below = { mode: DIRECTORY_MODE, id: `${(count += 1)}` };
    return new Map([[".github", below], ["workflows", below], ...entries.map(([name]) => [name, below] as const)]);
  };
  await expect(ownWorkflow({ tree: "0", parents: [] }, async () => undefined, read)).rejects.toThrow(/too large/);
  expect(count).toBeLessThan(400);
});

function entry(mode: string, name: string, to: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(to, "hex")]);
}

function id(name: string): string {
  return Buffer.from(name).toString("hex").padEnd(40, "0");
}
