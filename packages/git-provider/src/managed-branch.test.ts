import fc from "fast-check";
import { expect, test } from "vitest";
import { isBranchName } from "./commands/branch-name.ts";
import {
  createBranchInfo,
  filterBranchesByExecution,
  generateBranchName,
  generateSlug,
  isManagedBranch,
  parseBranchName,
} from "./managed-branch.ts";

test.each([
  [
    { executionId: "exec-abc123", role: "engineer", slug: "implement-auth" },
    "parallax/exec-abc123/engineer/implement-auth",
  ],
  [{ executionId: "exec-1", role: "code-reviewer", slug: "auth" }, "parallax/exec-1/code-reviewer/auth"],
  [
    { executionId: "exec-1", role: "Code Reviewer", slug: "Fix: the Größe!" },
    "parallax/exec-1/code-reviewer/fix-the-gro-e",
  ],
  [{ executionId: "exec-1", role: "engineer" }, "parallax/exec-1/engineer"],
])("%o is %s", (config, name) => {
  expect(generateBranchName(config)).toBe(name);
});

test("a prefix may be any branch's name, with slashes too", () => {
  const config = { executionId: "exec-1", role: "engineer", slug: "auth" };
  expect(generateBranchName(config, { prefix: "team/ws" })).toBe("team/ws/exec-1/engineer/auth");
  expect(parseBranchName("team/ws/exec-1/engineer/auth", { prefix: "team/ws" })).toEqual(config);
});

test.each(["", "a b", "../up", "a/b", "-x", ".x", "x.lock", "x..y", "x.", "a\nb", "é"])(
  "an execution's id %j is refused and not rewritten: its branches could not be found again",
  (executionId) => {
    const make = () => generateBranchName({ executionId, role: "engineer" });
    expect(make).toThrow(expect.objectContaining({ code: "invalid_input", data: { field: "executionId" } }));
  },
);

test("what is refused is shown without what a terminal would obey", () => {
  const make = () => generateBranchName({ executionId: "e\u001b]0;x\u0007", role: "engineer" });
  expect(make).toThrow("'e\uFFFD]0;x\uFFFD' cannot be part");
});

test.each(["", "-x", "a//b", "x.lock", "a b"])("a prefix %j is refused", (prefix) => {
  const make = () => generateBranchName({ executionId: "e", role: "r" }, { prefix });
  expect(make).toThrow(expect.objectContaining({ code: "invalid_input", data: { field: "prefix" } }));
});

test("whatever role and slug say, the name is one that git takes, and its parts are read back from it", () => {
  const executionId = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$/);
  fc.assert(
    fc.property(executionId, fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (id, role, slug) => {
      const name = generateBranchName({ executionId: id, role, slug });
      expect(isBranchName(name)).toBe(true);
      expect(parseBranchName(name)).toEqual({ executionId: id, role: generateSlug(role), slug: generateSlug(slug) });
    }),
  );
});

test.each([
  "main",
  "parallax",
  "parallax/exec-1",
  "parallax/exec-1/",
  "parallax/exec-1/engineer/",
  "parallax/exec-1/engineer/auth/more",
  "parallax/-x/engineer/auth",
  "parallaxes/exec-1/engineer/auth",
])("%s is somebody's own branch", (name) => {
  expect(isManagedBranch(name)).toBe(false);
});

test("the branches of one execution are told from those of one whose id begins alike", () => {
  const names = ["main", "parallax/e-1/engineer/a", "parallax/e-11/engineer/a", "parallax/e-1/reviewer/b"];
  expect(filterBranchesByExecution(names, "e-1")).toEqual(["parallax/e-1/engineer/a", "parallax/e-1/reviewer/b"]);
});

test("a slug is cut where a name would be too long, ends in no dash, and is never empty", () => {
  expect(generateSlug("Implement user authentication with OAuth")).toBe("implement-user-authentication");
  expect(generateSlug("one two three", 8)).toBe("one-two");
  expect(generateSlug("修正")).toBe("task");
});

test("a branch is told with what it was made for", () => {
  const config = { executionId: "exec-1", role: "engineer", slug: "auth", baseBranch: "main" };
  expect(createBranchInfo(config, { now: () => 0 })).toEqual({
    name: "parallax/exec-1/engineer/auth",
    baseBranch: "main",
    executionId: "exec-1",
    role: "engineer",
    createdAt: new Date(0),
  });
});
