import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWsError } from "./errors.ts";
import { findReferences, formatReference, parseReference, readPrompt, referencePattern } from "./references.ts";

const TYPES = ["cd", "git", "gh"];
const found = (text: string): string[] => findReferences(text, TYPES).map(({ type, ref }) => `${type} ${ref}`);

describe("a reference is found in a prompt", () => {
  test.each([
    ["#gh:org/repo", ["gh org/repo"]],
    ["#gh(org/repo)", ["gh org/repo"]],
    ["#gh_tool", ["gh tool"]],
    ["#git_new_tool fix it", ["git new_tool"]],
    ["#cd:~", ["cd ~"]],
    ["#cd(.)", ["cd ."]],
    ["#cd:../sibling", ["cd ../sibling"]],
    ["#cd:/tmp/project", ["cd /tmp/project"]],
    ["#cd:~/проект", ["cd ~/проект"]],
    ["#cd(/tmp/with space/a b)", ["cd /tmp/with space/a b"]],
    ["#gh:vercel/next.js", ["gh vercel/next.js"]],
    ["#gh:git.corp.example:8443/org/repo", ["gh git.corp.example:8443/org/repo"]],
    ["#gh:a/b and #git:tool, then #cd(..)", ["gh a/b", "git tool", "cd .."]],
    ["first\n#gh:a/b\n#gh:c/d", ["gh a/b", "gh c/d"]],
    ['(see #gh:a/b) or "#gh:c/d"', ["gh a/b", "gh c/d"]],
    ["#hg:unknown is told apart later", ["hg unknown"]],
  ])("%j", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test.each([
    ["Look at #gh:vercel/next.js.", ["gh vercel/next.js"]],
    ["Is it #gh:a/b?", ["gh a/b"]],
    ["Work in #cd:.. and stop.", ["cd .."]],
    ["Work in #cd:...", ["cd .."]],
    ["Work in #cd:.", ["cd ."]],
    ["Work in #cd:a/..: now", ["cd a/.."]],
    ["Start with #git:tool: it is small", ["git tool"]],
  ])("without what ends a sentence: %j", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test.each([
    "see #12",
    "# heading: text",
    "http://host.test/#gh:a/b",
    "a#gh:b",
    "#gh: a/b",
    "#gh()",
    "#some_word",
    "#GH:a",
    "#gh-:a",
  ])("and nothing is found in %j", (text) => {
    expect(found(text)).toEqual([]);
  });

  test("with the place where it stands, as it is written", () => {
    expect(findReferences("go to #cd(.) now", TYPES)).toEqual([
      { type: "cd", ref: ".", form: "parentheses", text: "#cd(.)", start: 6 },
    ]);
  });
});

const type = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const ref = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 30 })
  .map((text) => text.replace(/[()\r\n]/g, "").trim())
  .filter((text) => text !== "");

test("whatever a reference is of, its shortest form is read back as the same", () => {
  fc.assert(
    fc.property(type, ref, (one, what) => {
      const { type: back, ref: same } = parseReference(formatReference({ type: one, ref: what }), []);
      expect({ back, same }).toEqual({ back: one, same: what });
    }),
  );
});

test("whatever stands around references, each is found once, in order, where it says", () => {
  const plain = fc.stringMatching(/^[a-z~][a-z0-9/._-]{0,12}[a-z0-9]$/);
  const words = fc.array(fc.oneof(fc.constantFrom("fix", "#12", "a,", "(b)", "# x"), fc.record({ type, plain })), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(words, fc.constantFrom(" ", "\n", "\t"), (parts, gap) => {
      const text = parts.map((one) => (typeof one === "string" ? one : `#${one.type}:${one.plain}`)).join(gap);
      const expected = parts.flatMap((one) => (typeof one === "string" ? [] : [`${one.type} ${one.plain}`]));
      const references = findReferences(text, []);
      expect(references.map((one) => `${one.type} ${one.ref}`)).toEqual(expected);
      for (const one of references) expect(text.slice(one.start, one.start + one.text.length)).toBe(one.text);
    }),
  );
});

test("no text takes it long, or down", () => {
  fc.assert(fc.property(fc.string({ maxLength: 400 }), (text) => void findReferences(text, TYPES)));
  expect(found(`#gh:${"a/".repeat(200_000)}`)).toHaveLength(1);
  expect(found("#gh(".repeat(50_000))).toEqual([]);
});

test("the pattern of a type finds what the type's references are", () => {
  const pattern = new RegExp(referencePattern("gh"), "u");
  expect(pattern.exec("see #gh:org/repo")?.[1]).toBe("org/repo");
  expect(pattern.exec("#gh_tool")?.[1]).toBe("tool");
  expect(pattern.exec("#gh(org/repo)")?.[2]).toBe("org/repo");
  expect(pattern.exec("#ghx:org/repo")).toBeNull();
});

test.each(["", "gh:a/b", "#gh:a/b and more", "#gh:a/b.", "##gh:a", "\u001b[31m#x"])(
  "%j is no reference by itself",
  (text) => {
    try {
      parseReference(text, TYPES);
      expect.unreachable();
    } catch (error) {
      expect(isWsError(error, "reference_invalid") && !/\p{Cc}/u.test(error.message)).toBe(true);
    }
  },
);

describe("a prompt", () => {
  test("is read into its references and the rest", () => {
    expect(readPrompt("#gh:org/repo fix the login", TYPES)).toMatchObject({
      references: [{ type: "gh", ref: "org/repo" }],
      implied: false,
      text: "fix the login",
    });
    expect(readPrompt("compare #git:a and #git:b please", TYPES).text).toBe("compare and please");
  });

  test("without a reference means the worker's home", () => {
    expect(readPrompt("what is new?", TYPES)).toMatchObject({
      references: [{ type: "cd", ref: "~" }],
      implied: true,
      text: "what is new?",
    });
  });
});
