import { describe, expect, test } from "vitest";
import { parseInput } from "../input.ts";
import { fakeAgent } from "../testing/fake-agent.ts";
import { TOOLS } from "../tools.ts";
import type { Answer, Reach } from "../tool.ts";

const signal = new AbortController().signal;
const HASH = "0123456789abcdef0123456789abcdef01234567";
const person = { name: "Ada", email: "ada@example.test", date: "2026-01-02T03:04:05Z" };
const commit = { hash: HASH, parents: [], author: person, committer: person, subject: "Add a", body: "", refs: [] };
const text = { path: "a.ts", binary: false, encoding: "utf-8", size: 12, offset: 3, linesRead: 2, version: "v1" };
const line = { type: "added", new: 1, text: "one" };
const file = { path: "a.ts", status: "modified", binary: false, additions: 1, deletions: 0, truncated: false };

const ANSWERS: Record<string, (input: never) => unknown> = {
  "files.read": () => ({ ...text, content: "three\nfour\n", truncated: true }),
  "files.list": () => ({
    path: "src",
    entries: [
      { name: "deep", type: "directory", size: 0 },
      { name: "a.ts", type: "file", size: 12 },
    ],
    truncated: false,
  }),
  "files.grep": () => ({ matches: [{ path: "a.ts", line: 2, text: "two" }], truncated: true }),
  "files.write": () => ({ path: "a.ts", size: 3, created: true, version: "v2" }),
  "files.edit": () => ({ path: "a.ts", replacements: 2, size: 3, version: "v2" }),
  "files.patch": () => ({ files: [{ path: "a.ts", change: "changed", additions: 1, deletions: 2 }] }),
  "files.remove": () => ({ path: "a.ts", removed: true }),
  "git.status": () => ({
    branch: "main",
    head: HASH,
    detached: false,
    stashes: 0,
    files: [],
    total: 0,
    truncated: false,
  }),
  "git.log": () => ({ commits: [commit], truncated: false }),
  "git.diff": () => ({
    files: [{ ...file, hunks: [{ header: "@@ -0,0 +1 @@", lines: [line] }] }],
    additions: 1,
    deletions: 0,
    total: 1,
    hidden: 0,
    truncated: false,
  }),
  "git.pull": () => ({ branch: "main", to: HASH, commits: 2 }),
  "git.add": () => ({ success: true }),
  "git.commit": () => commit,
  "git.push": () => ({ branch: "main", commit: HASH }),
  "workspaces.get": () => ({ name: "demo", status: "running", repo: "https://git.example.com/o/r" }),
  "workspaces.list": () => [
    { name: "demo", status: "running", repo: "https://git.example.com/o/r" },
    { name: "idle", status: "stopped", repo: "https://git.example.com/o/r" },
  ],
};

async function run(
  name: string,
  given: object,
  reach: Reach = { scope: "write" },
  answers = ANSWERS,
): Promise<Answer & { calls: [string, unknown][] }> {
  const tool = TOOLS.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const { client, calls } = fakeAgent({ who: "ci", scope: "write" }, answers);
  const answer = await tool.run(parseInput(tool, { ...given }, reach), { client, reach, signal });
  return { ...answer, calls };
}

describe("each tool is a call of the contract, under the names that its callers know", () => {
  test.each<[string, object, string, object]>([
    [
      "workspace_read",
      { repo: "demo", path: "a.ts", offset: 3, limit: 2 },
      "files.read",
      { name: "demo", path: "a.ts", offset: 3, limit: 2 },
    ],
    ["workspace_ls", { name: "demo", path: "src" }, "files.list", { name: "demo", path: "src" }],
    [
      "workspace_grep",
      { repo: "demo", pattern: "t.o", max_results: 5, context_lines: 1 },
      "files.grep",
      { name: "demo", pattern: "t.o", maxResults: 5, context: 1 },
    ],
    [
      "workspace_write",
      { repo: "demo", path: "a.ts", content: "one" },
      "files.write",
      { name: "demo", path: "a.ts", content: "one" },
    ],
    [
      "workspace_edit",
      { repo: "demo", path: "a.ts", old_string: "a", new_string: "b" },
      "files.edit",
      { name: "demo", path: "a.ts", oldString: "a", newString: "b" },
    ],
    [
      "workspace_edit",
      { repo: "demo", path: "a.ts", search: "a", replace: "b", replace_all: true },
      "files.edit",
      { oldString: "a", newString: "b", replaceAll: true },
    ],
    [
      "workspace_edit",
      { repo: "demo", path: "a.ts", old: "a", new: "" },
      "files.edit",
      { oldString: "a", newString: "" },
    ],
    ["workspace_apply_patch", { repo: "demo", patch: "--- a\n" }, "files.patch", { name: "demo", patch: "--- a\n" }],
    [
      "workspace_delete",
      { repo: "demo", path: "src", recursive: true },
      "files.remove",
      { name: "demo", path: "src", recursive: true },
    ],
    ["workspace_git_log", { repo: "demo", limit: 3 }, "git.log", { name: "demo", limit: 3 }],
    [
      "workspace_git_diff",
      { name: "demo", from: "main", path: "src" },
      "git.diff",
      { name: "demo", from: "main", paths: ["src"] },
    ],
    [
      "workspace_git_pull",
      { name: "demo", allow_dirty: true, remote: "origin" },
      "git.pull",
      { name: "demo", allowDirty: true },
    ],
    ["workspace_git_add", { name: "demo", path: "." }, "git.add", { name: "demo", paths: ["."] }],
    ["workspace_git_add", { name: "demo", paths: ["a", "b"] }, "git.add", { name: "demo", paths: ["a", "b"] }],
    ["workspace_git_commit", { name: "demo", message: "Add a" }, "git.commit", { name: "demo", message: "Add a" }],
    [
      "workspace_git_push",
      { name: "demo", force_with_lease: true, expected_sha: HASH },
      "git.push",
      { name: "demo", force: true, expected: HASH },
    ],
  ])("%s %j: %s", async (name, given, path, input) => {
    const { calls } = await run(name, given);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.[0]).toBe(path);
    expect(calls[0]?.[1]).toMatchObject(input);
  });

  test("another remote than the one there is is refused, not taken for it", async () => {
    await expect(run("workspace_git_push", { name: "demo", remote: "evil" })).rejects.toMatchObject({
      failure: { code: "invalid_input", details: { field: "remote" } },
    });
  });
});

test("one thing said under two names must be one thing", async () => {
  await expect(run("workspace_ls", { repo: "demo", name: "other" })).rejects.toMatchObject({
    failure: { code: "invalid_input", details: { field: "repo" } },
  });
  expect((await run("workspace_ls", { repo: "demo", name: "demo" })).calls).toHaveLength(1);
});

test("a key that reaches into prototypes is a field that nobody knows (oRPC CVE-2026-28794)", async () => {
  const given = JSON.parse('{"name":"demo","__proto__":{"path":"a"}}') as object;
  const tool = TOOLS.find(({ name }) => name === "workspace_ls");
  if (tool === undefined) throw new Error("no tool workspace_ls");
  expect(() => parseInput(tool, given as Record<string, unknown>, { scope: "write" })).toThrow(/__proto__/);
});

describe("a model that is shown the text alone has what it asked for", () => {
  test.each<[string, object, string, string | undefined]>([
    [
      "workspace_read",
      { path: "a.ts", offset: 3 },
      "three\nfour\n",
      "Lines 3 to 4; the file goes on: read it with offset 5.",
    ],
    ["workspace_ls", {}, "deep/\na.ts", undefined],
    ["workspace_grep", { pattern: "two" }, "a.ts:2:two", "There are more matches."],
    ["workspace_edit", { path: "a.ts", old_string: "a", new_string: "b" }, "Replaced 2 places in a.ts.", undefined],
    ["workspace_apply_patch", { patch: "x" }, "changed a.ts +1 -2", undefined],
    ["workspace_git_status", {}, "on main at 0123456789ab, clean", undefined],
    ["workspace_git_log", {}, "0123456789ab 2026-01-02T03:04:05Z Add a", undefined],
    ["workspace_git_diff", {}, "modified a.ts +1 -0\n--- a/a.ts\n+++ b/a.ts\n@@ -0,0 +1 @@\n+one", undefined],
    ["workspace_git_pull", {}, "Pulled 2 commits, now at 0123456789ab.", undefined],
    ["workspace_git_push", {}, "Pushed main at 0123456789ab.", undefined],
  ])("%s", async (name, given, shown, note) => {
    const { text: told, note: beside } = await run(name, given, { scope: "write", workspace: "demo" });
    expect([told, beside]).toEqual([shown, note]);
  });

  test("files that are too large to be searched are named", async () => {
    const grep = () => ({ matches: [], truncated: false, tooLarge: ["dump.sql", "a\nb"] });
    const found = await run("workspace_grep", { repo: "demo", pattern: "x" }, undefined, { "files.grep": grep });
    expect(found).toMatchObject({
      text: "Nothing matches.",
      note: expect.stringContaining("over 16 MiB: dump.sql, ") as string,
      data: { tooLarge: ["dump.sql", "a\nb"] },
    });
  });

  test("what is no text is told as such, with its size", async () => {
    const binary = () => ({ path: "logo.png", binary: true, size: 4_000, version: "v1" });
    const read = await run("workspace_read", { repo: "demo", path: "logo.png" }, undefined, { "files.read": binary });
    expect(read).toMatchObject({ text: "'logo.png' is no text: 4000 bytes.", data: { binary: true, size: 4_000 } });
  });

  test("a file of more bytes than were asked for is refused, unless a part of it is read", async () => {
    const asked = { repo: "demo", path: "a.ts", max_size: 5 };
    await expect(run("workspace_read", asked)).rejects.toMatchObject({ failure: { code: "file_too_large" } });
    expect((await run("workspace_read", { ...asked, limit: 2 })).text).toBe("three\nfour\n");
  });
});

test("a workspace is shown with its last commits, and also where git cannot be asked", async () => {
  const shown = await run("workspace_show", { name: "demo" });
  expect(shown.data).toMatchObject({
    git: { branch: "main", dirty: false, commits: [{ hash: HASH, subject: "Add a" }] },
  });
  const busy = {
    ...ANSWERS,
    "git.status": () => {
      throw new Error("repository_busy");
    },
  };
  expect((await run("workspace_show", { name: "demo" }, undefined, busy)).data).toEqual({
    name: "demo",
    status: "running",
    remote: "https://git.example.com/o/r",
  });
});

test("a list has the last commit of those that run", async () => {
  const { data } = await run("workspace_list", {});
  expect(data).toMatchObject({ workspaces: [{ name: "demo", lastCommit: { hash: HASH } }, { name: "idle" }] });
});

describe("a commit of a pipeline", () => {
  test.each<[string | undefined, string | undefined, string]>([
    [undefined, undefined, "Publish to demo"],
    [undefined, "Say why", "Say why"],
    ["Nightly docs", undefined, "Nightly docs"],
    ["Nightly docs", "Say why", "Say why"],
    ["docs({repo}): {message}", "Say why", "docs(demo): Say why"],
    ["docs: {message}", undefined, "docs: Publish to demo"],
    ["docs: {message}", "{repo} $& {message}", "docs: {repo} $& {message}"],
  ])("with the template %j and the message %j says %s", async (template, message, expected) => {
    const settings = {
      repo: "demo",
      writable_paths: ["docs"],
      commit_enabled: true,
      ...(template === undefined ? {} : { commit_message: template }),
    };
    const reach = { scope: "write", workspace: "demo", handler: { kind: "publish", settings } } as const;
    const { calls } = await run("git_commit", message === undefined ? {} : { message }, reach);
    expect(calls).toEqual([["git.commit", { name: "demo", message: expected }]]);
  });
});
