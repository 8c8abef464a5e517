import { expect, test } from "vitest";
import { configText } from "./incoming-config.ts";
import { asClone, isSame, parseListing, parsePacked } from "./refs.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

test("what a remote lists is read as branches, tags and the branch that HEAD stands for", () => {
  const text = [
    "ref: refs/heads/main\tHEAD",
    `${A}\tHEAD`,
    `${A}\trefs/heads/main`,
    `${B}\trefs/heads/\xc3\xbc/x`,
    `${B}\trefs/pull/1/head`,
    `${A}\trefs/tags/v1`,
    `${B}\trefs/tags/v1^{}`,
    "",
  ].join("\n");
  const { refs, head } = parseListing(text);
  expect(head).toBe("main");
  expect([...refs]).toEqual([
    ["refs/heads/main", A],
    ["refs/heads/\xc3\xbc/x", B],
    ["refs/tags/v1", A],
  ]);
  expect(parseListing(`${A}\tHEAD\n`)).toEqual({ refs: new Map() });
});

test("packed refs are read without what tags stand for, and become a clone's", () => {
  const packed = `# pack-refs with: peeled fully-peeled sorted \n${A} refs/heads/refs/heads/x\n${A} refs/tags/refs/heads/y\n^${B}\n`;
  expect([...parsePacked(packed).keys()]).toEqual(["refs/heads/refs/heads/x", "refs/tags/refs/heads/y"]);
  expect(asClone(packed)).toBe(
    `# pack-refs with: peeled fully-peeled sorted \n${A} refs/remotes/origin/refs/heads/x\n${A} refs/tags/refs/heads/y\n^${B}\n`,
  );
});

test("refs are the same whatever their order, and not where one moved, came or went", () => {
  const refs = new Map([
    ["x", A],
    ["y", B],
  ]);
  expect(isSame(refs, new Map([...refs].reverse()))).toBe(true);
  for (const other of [
    [["x", A]],
    [
      ["x", A],
      ["y", A],
    ],
    [
      ["x", A],
      ["z", B],
    ],
  ] as [string, string][][]) {
    expect(isSame(refs, new Map(other))).toBe(false);
  }
});

test("git's configuration is written so that every value is read as it is", () => {
  expect(
    configText([
      ["url.https://h/.insteadOf", 'a"b\\c\nd'],
      ["gc.auto", "0"],
    ]),
  ).toBe('[url "https://h/"]\n\tinsteadOf = "a\\"b\\\\c\\nd"\n[gc]\n\tauto = "0"\n');
});
