import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineProvider, type PullRequestInfo, type WorkspaceProvider } from "@ws/workspace-core";
import { describe, expect, test } from "vitest";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { failure, remoteWith, startWithProviders } from "../testing/with-providers.ts";

const PULL_REQUEST: PullRequestInfo = {
  number: 7,
  url: "https://github.com/org/app/pull/7",
  state: "open",
  draft: false,
  title: "fix",
  sourceBranch: "fix",
  targetBranch: "main",
  createdAt: 0,
};

/** With a provider that submits as the test says. */
async function startWithSubmit(submit: WorkspaceProvider["submit"]) {
  const fakes = createFakeAdapters();
  return startTestAgent({
    adapters: () => ({ ...fakes, providers: async () => [defineProvider({ name: "test", submit })] }),
  });
}

describe("projects and changes, through the agent", () => {
  test("are added, shown and removed; directories of the worker only by administrators", async () => {
    await using agent = await startWithProviders();
    const writer = await remoteWith(agent, "write");
    expect(await writer.projects.add({ name: "app", url: "https://github.com/org/app" })).toMatchObject({
      workflowType: "gh",
    });
    using place = tempDir();
    execFileSync("git", ["init", "--quiet", "--bare", join(place.path, "secret.git")]);
    const secret = { name: "secret", bareRepoDir: join(place.path, "secret.git") };
    const nothing = { name: "nothing", bareRepoDir: join(place.path, "nothing.git") };
    expect(await failure(agent.local.projects.add(nothing))).toMatchObject({ code: "not_a_directory" });
    expect(await failure(writer.projects.add(secret))).toMatchObject({ wire: "FORBIDDEN" });
    expect(await agent.local.projects.add(secret)).toMatchObject({ workflowType: "git" });
    expect(await failure(writer.projects.add({ name: "app", url: "https://h.test/x" }))).toMatchObject({
      wire: "CONFLICT",
    });
    expect(await failure(writer.projects.add({ name: "a", url: "nonsense" }))).toMatchObject({ wire: "BAD_REQUEST" });
    expect(await failure(writer.projects.get({ name: "ap" }))).toEqual({
      wire: "NOT_FOUND",
      code: "project_not_found",
      next: "Did you mean 'app'?",
    });
    await writer.projects.remove({ name: "app" });
    expect((await writer.projects.list()).projects.map(({ name }) => name)).toEqual(["secret"]);
  });

  test("a file that somebody broke is told, and the others work on", async () => {
    await using agent = await startWithProviders();
    await agent.local.projects.add({ name: "app", url: "https://github.com/org/app" });
    writeFileSync(join(agent.configDirectory, "projects", "bad.json"), '{\n  "url": 1\n}');
    const { projects, problems } = await agent.local.projects.list();
    expect(projects.map(({ name }) => name)).toEqual(["app"]);
    expect(problems).toEqual([expect.stringContaining("bad.json:2:10")]);
    expect(await failure(agent.local.providers.resolve({ reference: "#git:bad" }))).toMatchObject({
      code: "config_invalid",
    });
  });

  test("a repository is made, a change of it merged, once, and nothing of it is pushed to people's names", async () => {
    await using agent = await startWithProviders({ WS_GIT_NAME: "Ada", WS_GIT_EMAIL: "ada@example.test" });
    const made = await agent.local.projects.init({ name: "tool" });
    expect(made).toMatchObject({ name: "tool", workflowType: "git", defaultBranch: "main" });
    expect(await agent.local.projects.init({ name: "tool" })).toEqual(made);
    const bare = made.bareRepoDir ?? "";
    execFileSync("git", ["--git-dir", bare, "branch", "fix", "main"]);
    await agent.local.changes.put({ name: "fix", project: "tool", description: "Fix it" });
    expect(await agent.local.changes.submit({ name: "fix" })).toMatchObject({ state: "submitted" });
    expect(await agent.local.changes.submit({ name: "fix" })).toMatchObject({ state: "submitted" });
    expect(await agent.local.changes.review({ name: "fix" })).toMatchObject({ state: "submitted" });
    expect(await failure(agent.local.changes.get({ name: "fxi" }))).toMatchObject({
      wire: "NOT_FOUND",
      code: "change_not_found",
    });
    await agent.local.changes.put({ name: "open", project: "tool" });
    expect(await failure(agent.local.changes.check({ name: "open" }))).toMatchObject({ wire: "PRECONDITION_FAILED" });
    await agent.local.changes.remove({ name: "open" });
    expect(await failure(agent.local.changes.comments({ name: "fix" }))).toMatchObject({ wire: "PRECONDITION_FAILED" });
    expect(await agent.local.changes.list({ project: "tool" })).toHaveLength(1);
    await agent.local.changes.remove({ name: "fix" });
    expect(await agent.local.changes.list()).toEqual([]);
  });

  test.each([
    ["a repository of the worker, which merges", { isBare: true }, undefined],
    [
      "a project that says so",
      { isBare: false, url: "https://github.com/org/app", submit: "merge" as const },
      undefined,
    ],
    ["who asks for it", { isBare: false, url: "https://github.com/org/app" }, "merge" as const],
    ["who asks for a push", { isBare: false, url: "https://github.com/org/app" }, "push" as const],
  ])("merging and pushing is for administrators: %s", async (_, { isBare, ...project }, mode) => {
    const submitted: unknown[] = [];
    await using agent = await startWithSubmit(async (of) => {
      submitted.push(of.mode);
      return { done: "merged", target: "main" };
    });
    using place = tempDir();
    execFileSync("git", ["init", "--quiet", "--bare", place.path]);
    await agent.local.projects.add({
      name: "app",
      ...project,
      ...(isBare ? { bareRepoDir: place.path } : {}),
    });
    await agent.local.changes.put({ name: "fix", project: "app" });
    const asked = { name: "fix", ...(mode === undefined ? {} : { mode }) };
    const writer = await remoteWith(agent, "write");
    expect(await failure(writer.changes.submit(asked))).toMatchObject({ wire: "FORBIDDEN", code: "forbidden" });
    expect(submitted).toEqual([]);
    const admin = await remoteWith(agent, "admin");
    expect(await admin.changes.submit(asked)).toMatchObject({ state: "submitted" });
    expect(submitted).toEqual([mode]);
  });

  test("and a pull request is for whoever may write, whatever a provider would do by itself", async () => {
    const submitted: unknown[] = [];
    await using agent = await startWithSubmit(async (of) => {
      submitted.push(of.mode);
      return { done: "pull_request", pullRequest: PULL_REQUEST };
    });
    await agent.local.projects.add({ name: "app", url: "https://github.com/org/app" });
    await agent.local.changes.put({ name: "fix", project: "app" });
    const writer = await remoteWith(agent, "write");
    expect(await writer.changes.submit({ name: "fix" })).toMatchObject({ state: "review" });
    expect(submitted).toEqual(["pull_request"]);
  });

  test("whoever goes away while a change is merged finds it submitted, and it was merged once", async () => {
    const merging = Promise.withResolvers<AbortSignal | undefined>();
    const merged = Promise.withResolvers<void>();
    let times = 0;
    await using agent = await startWithSubmit(async (of, signal) => {
      times += 1;
      of.opened?.(PULL_REQUEST);
      merging.resolve(signal);
      await merged.promise;
      signal?.throwIfAborted();
      return { done: "merged", target: "main" };
    });
    await agent.local.projects.add({ name: "app", url: "https://github.com/org/app" });
    await agent.local.changes.put({ name: "fix", project: "app" });
    const leaving = new AbortController();
    const left = agent.local.changes.submit({ name: "fix", mode: "merge" }, { signal: leaving.signal });
    await merging.promise;
    // What a kill would leave: the pull request is known before anything is merged.
    expect(await agent.local.changes.get({ name: "fix" })).toMatchObject({
      state: "review",
      pullRequest: { number: 7 },
    });
    leaving.abort();
    await expect(left).rejects.toThrow();
    const again = agent.local.changes.submit({ name: "fix", mode: "merge" });
    merged.resolve();
    expect(await again).toMatchObject({ state: "submitted", pullRequest: { number: 7, state: "merged" } });
    expect(times).toBe(1);
  });

  test("what is no repository has nothing to submit", async () => {
    await using agent = await startWithProviders();
    await agent.local.projects.add({ name: "notes", workflowType: "cd", workspaceDir: agent.configDirectory });
    await agent.local.changes.put({ name: "x", project: "notes" });
    expect(await failure(agent.local.changes.submit({ name: "x" }))).toMatchObject({
      wire: "PRECONDITION_FAILED",
      code: "no_version_control",
    });
  });
});
