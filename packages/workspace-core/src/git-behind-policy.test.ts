import { describe, expect, test } from "vitest";
import { gitBehindPolicy } from "./git-behind-policy.ts";
import type { ChangedFile, DiffFile, GitDiff, GitStatus, GitWork } from "./git-work.ts";
import { createPolicy } from "./policy/policy.ts";
import type { PolicyRules } from "./policy/rules.ts";

const STATUS: GitStatus = { branch: "main", detached: false, stashes: 0, files: [], total: 0, truncated: false };

function file(path: string, more: Partial<DiffFile> = {}): DiffFile {
  return { path, status: "modified", binary: false, additions: 2, deletions: 1, hunks: [], truncated: false, ...more };
}

function diffOf(...files: DiffFile[]): GitDiff {
  const { length } = files;
  return { files, additions: 2 * length, deletions: length, total: length, hidden: 0, truncated: false };
}

/** A repository with these changes behind these rules, and what reached it. */
function open(
  rules: PolicyRules,
  { files = [], diff = diffOf(), branch = "main" }: { files?: ChangedFile[]; diff?: GitDiff; branch?: string } = {},
) {
  const reached: string[] = [];
  const answers: Partial<Record<keyof GitWork, unknown>> = {
    status: { ...STATUS, branch, files, total: files.length },
    diff,
    show: { commit: {}, diff },
  };
  const work = new Proxy({} as GitWork, {
    get: (_, verb: keyof GitWork) => async () => {
      reached.push(verb);
      return answers[verb];
    },
  });
  return { work: gitBehindPolicy(work, createPolicy([{ of: "workspace", name: "demo", rules }])), reached };
}

const changed = (path: string, more: Partial<ChangedFile> = { worktree: "modified" }): ChangedFile => ({
  path,
  conflicted: false,
  ...more,
});

describe("what is seen", () => {
  test("a comparison leaves out what may not be read, by its old name too, and says how much that is", async () => {
    const diff = diffOf(file("src/a.ts"), file(".env"), file("b.txt", { oldPath: ".env" }), file("private/x"));
    for (const verb of ["diff", "show"] as const) {
      const { work } = open({ hiddenPaths: ["private"] }, { diff });
      const given = await work[verb]();
      const seen = "diff" in given ? given.diff : given;
      expect(seen).toMatchObject({ hidden: 3, additions: 2, deletions: 1, total: 4 });
      expect(seen.files.map(({ path }) => path)).toEqual(["src/a.ts"]);
    }
  });

  test("a status leaves out what is hidden and tells what only may not be read", async () => {
    const { work } = open(
      { hiddenPaths: ["private"] },
      { files: [changed("a"), changed("private/x"), changed(".env")] },
    );
    expect(await work.status()).toMatchObject({ files: [{ path: "a" }, { path: ".env" }], total: 2 });
  });

  test.each([
    ["blob", { path: ".env" }],
    ["blob", { path: "private/x", ref: "HEAD" }],
    ["log", { path: "private/x" }],
    ["diff", { paths: ["a", "private"] }],
    ["show", { paths: ["private/x"] }],
  ] as const)("%s %j is refused before git is asked", async (verb, options) => {
    const { work, reached } = open({ hiddenPaths: ["private"] });
    await expect((work[verb] as (given: unknown) => Promise<unknown>)(options)).rejects.toMatchObject({
      code: "path_not_allowed",
    });
    expect(reached).toEqual([]);
  });
});

/** Everything that changes something, with the least that it takes. */
const CHANGES = {
  add: { paths: ["."] },
  unstage: { paths: ["a"] },
  restore: { paths: ["a"] },
  commit: { message: "m" },
  pull: {},
  push: {},
  createBranch: { branch: "main" },
  deleteBranch: { branch: "main" },
  checkout: { branch: "main" },
  stash: {},
  popStash: {},
  dropStash: { index: 0 },
  rebase: { onto: "up" },
  continueRebase: undefined,
  abortRebase: undefined,
  reset: { mode: "hard" },
} as const;
type Change = keyof typeof CHANGES;
const verbs = Object.keys(CHANGES) as Change[];
const call = (work: GitWork, verb: Change, options: unknown = CHANGES[verb]): Promise<unknown> =>
  (work[verb] as (given: unknown) => Promise<unknown>)(options);

describe("what is changed", () => {
  test.each(verbs)("%s is done where nothing is set, and refused where it is read-only", async (verb) => {
    const free = open({});
    await call(free.work, verb);
    expect(free.reached.at(-1)).toBe(verb);
    const bound = open({ readOnly: true });
    await expect(call(bound.work, verb)).rejects.toMatchObject({
      code: "read_only",
      data: { setBy: "workspace demo" },
    });
    expect(bound.reached).not.toContain(verb);
  });

  test("commits and pushes are switched off by themselves", async () => {
    const { work, reached } = open({ commit: false, push: false });
    await expect(work.commit({ message: "m" })).rejects.toMatchObject({ code: "commit_disabled" });
    await expect(work.push()).rejects.toMatchObject({ code: "push_disabled" });
    await work.pull();
    expect(reached).toEqual(["pull"]);
  });

  test.each(["commit", "pull", "push", "stash", "popStash", "rebase", "reset"] as const)(
    "%s is only for the fixed branch",
    async (verb) => {
      for (const branch of ["other", ""]) {
        const { work, reached } = open({ fixedBranch: "main" }, { branch });
        await expect(call(work, verb)).rejects.toMatchObject({ code: "branch_not_allowed", data: { allowed: "main" } });
        expect(reached).not.toContain(verb);
      }
      const { work, reached } = open({ fixedBranch: "main" });
      await call(work, verb);
      expect(reached).toContain(verb);
    },
  );

  test.each([
    ["checkout", { branch: "other" }],
    ["checkout", { branch: "main", detach: true }],
    ["createBranch", { branch: "other" }],
    ["deleteBranch", { branch: "other" }],
    ["push", { branch: "other" }],
  ] as const)("%s %j leaves the fixed branch", async (verb, options) => {
    const { work, reached } = open({ fixedBranch: "main" });
    await expect(call(work, verb, options)).rejects.toMatchObject({ code: "branch_not_allowed" });
    expect(reached).not.toContain(verb);
  });

  test.each<[string[], ChangedFile[], boolean]>([
    [["docs"], [changed("docs/a"), changed("src/b")], true],
    [["docs", "src"], [changed("docs/a"), changed("src/b")], false],
    [["."], [changed("docs/a"), changed("src/b", { index: "modified" })], true],
    [["."], [changed("docs/a"), changed("docs/.env", { worktree: "untracked" })], false],
    [["./docs//"], [changed("docs/a"), changed("docsy")], true],
    [["docs/b"], [changed("docs/b", { worktree: "renamed", oldPath: "src/b" })], false],
  ])("of %j with changes of %j only what may be written is staged", async (paths, files, fine) => {
    const { work, reached } = open({ writablePaths: ["docs"] }, { files });
    const added = work.add({ paths });
    if (fine) await added;
    else await expect(added).rejects.toMatchObject({ code: "path_not_allowed" });
    expect(reached.includes("add")).toBe(fine);
  });

  test("what somebody else has staged is not committed where it may not be written, and with all nothing else either", async () => {
    const staged = open({ writablePaths: ["docs"] }, { files: [changed("src/b", { index: "added" })] });
    await expect(staged.work.commit({ message: "m" })).rejects.toMatchObject({
      code: "path_not_allowed",
      data: { path: "src/b" },
    });
    const here = { files: [changed("src/b"), changed("docs/a", { index: "added" })] };
    await expect(
      open({ writablePaths: ["docs"] }, here).work.commit({ message: "m", all: true }),
    ).rejects.toMatchObject({ code: "path_not_allowed" });
    await open({ writablePaths: ["docs"] }, here).work.commit({ message: "m" });
  });

  test.each([
    ["restore", { paths: ["."] }],
    ["restore", { paths: ["src"], from: "HEAD~1" }],
    ["reset", { mode: "hard" }],
    ["popStash", {}],
  ] as const)("%s %j does not write what may not be written", async (verb, options) => {
    const { work, reached } = open({ writablePaths: ["docs"] }, { diff: diffOf(file("docs/a"), file("src/b")) });
    await expect(call(work, verb, options)).rejects.toMatchObject({
      code: "path_not_allowed",
      data: { path: "src/b" },
    });
    expect(reached).not.toContain(verb);
  });

  test.each([
    ["stash", {}],
    ["checkout", { branch: "main", allowDestructive: true }],
  ] as const)("%s %j takes away no changes of somebody else's", async (verb, options) => {
    const { work, reached } = open({ writablePaths: ["docs"] }, { files: [changed("docs/a"), changed("src/b")] });
    await expect(call(work, verb, options)).rejects.toMatchObject({
      code: "path_not_allowed",
      data: { path: "src/b" },
    });
    expect(reached).not.toContain(verb);
    await call(open({ writablePaths: ["docs"] }, { files: [changed("docs/a")] }).work, verb, options);
  });

  test("more files than are told cannot be judged", async () => {
    const { work } = open({ writablePaths: ["docs"] }, { diff: { ...diffOf(file("docs/a")), total: 2 } });
    await expect(work.restore({ paths: ["."] })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
