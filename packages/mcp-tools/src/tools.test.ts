import type { Handler } from "@ws/rpc-contract";
import { describe, expect, test } from "vitest";
import { inputSchema, parseInput } from "./input.ts";
import { isWithin } from "./reach.ts";
import { fakeAgent } from "./testing/fake-agent.ts";
import { TOOLS } from "./tools.ts";
import type { Tool } from "./tool.ts";

function find(name: string): Tool {
  const found = TOOLS.find((tool) => tool.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
}

const signal = new AbortController().signal;

/** The procedures that a call of this tool comes to, with their inputs. */
async function callsOf(name: string, given: object): Promise<[string, unknown][]> {
  const workspace = { name: "demo", startup: { steps: [] } };
  const { client, calls } = fakeAgent(
    { who: "local", scope: "admin" },
    { "workspaces.create": () => workspace, "workspaces.finalize": () => ({ workspace }) },
  );
  const tool = find(name);
  const reach = { scope: "admin" } as const;
  await tool.run(parseInput(tool, { ...given }, reach), { client, reach, signal });
  return calls;
}

test.each(TOOLS)("$name says what it does and takes an object", ({ name, title, description, fields }) => {
  expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
  expect(title).toMatch(/^[A-Z][^.]+$/);
  expect(description).toMatch(/^([^.]+(\.\w+)*[.]\s?){1,3}$/);
  expect(inputSchema(fields)).toMatchObject({ type: "object", additionalProperties: false });
});

test.each(TOOLS)("$name is for tokens that write, unless it only reads", ({ effect, needs }) => {
  expect(needs.scope).toBe(effect === "reads" ? "read" : "write");
});

test("each name is one tool's", () => {
  expect(new Set(TOOLS.map(({ name }) => name)).size).toBe(TOOLS.length);
});

describe("which tools a caller is shown", () => {
  test("a stronger token is shown what a weaker one is", () => {
    const shown = (["read", "write", "admin"] as const).map((scope) =>
      TOOLS.filter((tool) => isWithin(tool, { scope })),
    );
    expect(shown[0]?.every((tool) => shown[1]?.includes(tool))).toBe(true);
    expect(shown[1]).toEqual(shown[2]);
  });

  test("a token of one workspace makes and removes none", () => {
    const names = TOOLS.filter((tool) => isWithin(tool, { scope: "write", workspace: "demo" })).map(({ name }) => name);
    expect(names).toContain("workspace_finalize");
    expect(names).not.toContain("workspace_clone");
    expect(names).not.toContain("workspace_remove");
  });

  test.each<[Handler, string]>([
    [{ kind: "fetch", settings: { repo: "demo" } }, "fetch_ls fetch_read"],
    [{ kind: "publish", settings: { repo: "demo", writable_paths: ["docs"] } }, "publish_write publish_edit git_pull"],
    [
      {
        kind: "publish",
        settings: { repo: "demo", writable_paths: ["docs"], commit_enabled: true, push_enabled: true },
      },
      "publish_write publish_edit git_pull git_add git_commit git_push",
    ],
  ])("a token of a pipeline: %j", (handler, names) => {
    const reach = { scope: "write", workspace: "demo", handler } as const;
    expect(
      TOOLS.filter((tool) => isWithin(tool, reach))
        .map(({ name }) => name)
        .join(" "),
    ).toBe(names);
  });

  test("the five tools that only look, and the sixteen in all, have the names they are known by", () => {
    const names = TOOLS.map(({ name }) => name);
    const known = `path list show read ls git_status git_log git_diff clone remove write edit git_pull git_add git_commit git_push`;
    for (const name of known.split(" ")) expect(names).toContain(`workspace_${name}`);
  });
});

describe("a clone is named after its repository", () => {
  test.each([
    ["https://git.example.com/org/My.Repo.git", "my-repo"],
    ["git@git.example.com:org/next.js", "next-js"],
    ["#gh:org/repo", "repo"],
    ["https://git.example.com/org/repo/", "repo"],
    [`https://git.example.com/org/${"a".repeat(62)}-b`, "a".repeat(62)],
  ])("%s: %s", async (url, name) => {
    expect(await callsOf("workspace_clone", { url })).toMatchObject([["workspaces.create", { name, clone: url }]]);
  });

  test("where no name follows from the URL, one is asked for", async () => {
    await expect(callsOf("workspace_clone", { url: "https://git.example.com/org/---" })).rejects.toMatchObject({
      failure: { code: "invalid_input" },
    });
  });
});

describe("what finalize is asked becomes one call", () => {
  test.each([
    [{ push: true }, { push: true }],
    [{ commit_message: "Fix" }, { uncommitted: "commit", commitMessage: "Fix" }],
    [
      { title: "Fix", base: "main" },
      { push: true, pullRequest: { title: "Fix", targetBranch: "main" } },
    ],
    [{ body: "Why" }, { push: true, pullRequest: { body: "Why" } }],
    [{ cleanup: true }, { cleanup: true }],
  ])("%j", async (given, asked) => {
    expect(await callsOf("workspace_finalize", { repo: "demo", ...given })).toEqual([
      ["workspaces.finalize", { name: "demo", ...asked }],
    ]);
  });
});
