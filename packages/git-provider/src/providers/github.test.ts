import { isWsError, type TokenSecret, type ProviderContext, type WsError } from "@ws/workspace-core";
import {
  createFakeForge,
  FAKE_LOGIN,
  createManualClock,
  createMemoryProjects,
  providerSuite,
} from "@ws/workspace-core/testing";
import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "./github.ts";

const context: ProviderContext = { mayUseHost: false, mayCreate: true };
const HOST = "forge.test";
const SECRET: TokenSecret = {
  id: "a",
  type: "pat",
  provider: "github",
  host: HOST,
  username: FAKE_LOGIN,
  password: "any",
};

function makePlace() {
  const projects = createMemoryProjects();
  const forge = createFakeForge({ clock: createManualClock() });
  const held = forge.add("org/app", { people: ["ada"], teams: ["web"] });
  forge.push("org/app", "fix");
  for (const name of ["vercel/next.js", "two/app"]) forge.add(name);
  const provider = createGitHubProvider({ projects, forges: [forge], secret: () => async () => SECRET, host: HOST });
  return { projects, forge, held, provider, context, async [Symbol.asyncDispose]() {} };
}

async function failure(work: unknown): Promise<WsError> {
  try {
    await work;
  } catch (error) {
    if (isWsError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

function withChange() {
  const place = makePlace();
  place.projects.add({ name: "app", workflowType: "gh", url: `https://${HOST}/org/app` });
  const change = place.projects.changes.put({ name: "fix", project: "app", description: "Fix it\n\nBecause." });
  return { ...place, of: { change, project: place.projects.get("app") } };
}

providerSuite("#gh", async () => {
  const place = makePlace();
  place.projects.add({ name: "app", workflowType: "gh", url: `https://${HOST}/org/app` });
  const change = { url: `https://${HOST}/org/app/pull/7`, identifier: "7" };
  return { ...place, ref: "org/app", missing: "app2", project: place.projects.get("app"), change };
});

describe("#gh leads to", () => {
  test.each([
    ["org/app", "app", "https://forge.test/org/app"],
    ["vercel/next.js", "next.js", "https://forge.test/vercel/next.js"],
    ["org/app.git", "app", "https://forge.test/org/app"],
    ["git.corp.example/team/tool", "tool", "https://git.corp.example/team/tool"],
    ["git.corp.example:8443/team/tool", "tool", "https://git.corp.example:8443/team/tool"],
  ])("%s", async (ref, projectName, cloneUrl) => {
    const { provider, projects } = makePlace();
    expect(await provider.resolveRef(ref, "gh", context)).toMatchObject({ projectName, cloneUrl, allocates: true });
    expect(projects.get(projectName).url).toBe(cloneUrl);
  });

  test("a registered project and a change of one", async () => {
    const { provider, projects } = withChange();
    projects.changes.put({ name: "other", project: "app", branch: "me/other" });
    expect(await provider.resolveRef("app", "gh", context)).toMatchObject({ cloneUrl: "https://forge.test/org/app" });
    expect(await provider.resolveRef("other", "gh", context)).toMatchObject({ checkoutTarget: "me/other" });
  });

  test("the same project however its URL is written, and two of one name to two", async () => {
    const { provider, projects } = makePlace();
    await provider.resolveRef("org/app", "gh", context);
    await provider.resolveRef("Org/App.git", "gh", context);
    expect(await provider.resolveRef("two/app", "gh", context)).toMatchObject({ projectName: "two-app" });
    expect(projects.list().map(({ name }) => name)).toEqual(["app", "two-app"]);
  });

  test("and registers nothing that its forge does not have, nor while it cannot be asked", async () => {
    const { provider, projects, forge } = makePlace();
    const missing = (async () => provider.resolveRef("org/nope", "gh", context))();
    expect((await failure(missing)).code).toBe("repository_not_found");
    forge.fault({ kind: "unavailable", times: 9 });
    const unasked = (async () => provider.resolveRef("two/app", "gh", context))();
    expect((await failure(unasked)).code).toBe("forge_unreachable");
    expect(projects.list()).toEqual([]);
  });

  test("one project for all who name it first at the same time", async () => {
    const { provider, projects } = makePlace();
    const resolved = await Promise.all(
      ["org/app", "org/app"].map(async (ref) => provider.resolveRef(ref, "gh", context)),
    );
    expect(resolved).toMatchObject([{ projectName: "app" }, { projectName: "app" }]);
    expect(projects.list()).toHaveLength(1);
  });

  test("and registers nothing where nothing may be made", async () => {
    const { provider, projects } = makePlace();
    const resolved = await provider.resolveRef("org/app", "gh", { ...context, mayCreate: false });
    expect(resolved).toMatchObject({ projectName: "app" });
    expect(resolved).not.toHaveProperty("projectFile");
    expect(projects.list()).toEqual([]);
  });

  test.each([
    ["app2", "reference_not_found"],
    ["org/", "reference_not_found"],
    ["-x/app", "reference_invalid"],
    ["org/..", "reference_invalid"],
    ["org/app/extra/part", "reference_invalid"],
    ["0x7f000001/org/app", "reference_invalid"],
    ["user@host.test/org/app", "reference_invalid"],
    ["org/a b", "reference_invalid"],
  ])("but not from %j: %s", async (ref, code) => {
    const { provider, projects } = makePlace();
    expect((await failure((async () => provider.resolveRef(ref, "gh", context))())).code).toBe(code);
    expect(projects.list()).toEqual([]);
  });
});

test("a checkout from another forge is not GitHub's, though it is git's", async () => {
  const { provider } = makePlace();
  expect(await provider.detectWorkflowType({ name: "a", url: "https://gitlab.com/org/app" })).toBeUndefined();
  expect(await provider.detectWorkflowType({ name: "a", url: `https://${HOST}/org/app` })).toBe("gh");
});

describe("a change on GitHub", () => {
  test("is submitted as one pull request, however often", async () => {
    const { provider, of, held } = withChange();
    const submitted = await provider.submit(of);
    expect(submitted).toMatchObject({
      done: "pull_request",
      pullRequest: { title: "Fix it", sourceBranch: "fix", state: "open" },
    });
    expect(await provider.submit(of)).toEqual(submitted);
    expect(held.pullRequests).toHaveLength(1);
  });

  test("is merged where that is asked for, and stays so", async () => {
    const { provider, of, held } = withChange();
    const { pullRequest } = (await provider.prepareMail(of, {})) ?? {};
    if (pullRequest === undefined) throw new Error("no pull request");
    const merge = { ...of, change: { ...of.change, pullRequest }, mode: "merge" as const };
    for (const _again of [1, 2]) expect(await provider.submit(merge)).toEqual({ done: "merged", target: "main" });
    expect(held.pullRequests).toMatchObject([{ state: "merged" }]);
  });

  test("has its pull request told before it is merged, so that a repetition which knows it finds it merged", async () => {
    const { provider, of, held } = withChange();
    const told: unknown[] = [];
    const first = await provider.submit({
      ...of,
      mode: "merge",
      opened: (pullRequest) => void told.push([pullRequest.state, held.pullRequests[0]?.state, pullRequest]),
    });
    expect(told).toMatchObject([["open", "open", { number: 1 }]]);
    const [, , pullRequest] = told[0] as [string, string, NonNullable<typeof of.change.pullRequest>];
    const again = { ...of, change: { ...of.change, pullRequest }, mode: "merge" as const };
    expect(await provider.submit(again)).toEqual(first);
    expect(held.pullRequests).toHaveLength(1);
  });

  test("is refused in the forge's words where it cannot be merged", async () => {
    const { provider, forge, projects } = withChange();
    forge.push("org/app", "clash", { conflicts: true });
    const change = projects.changes.put({ name: "clash", project: "app" });
    const error = await failure(provider.submit({ change, project: projects.get("app"), mode: "merge" }));
    expect([error.code, error.data]).toEqual(["submit_failed", { change: "clash" }]);
    expect((await failure(provider.submit({ change, project: projects.get("app"), mode: "push" }))).code).toBe(
      "submit_failed",
    );
  });

  test("comes before its reviewers with labels, and takes its new title along", async () => {
    const { provider, of, held } = withChange();
    const asked = { labels: ["bug"], reviewers: ["ada"], teams: ["web"] };
    const prepared = await provider.prepareMail(of, asked);
    expect(prepared).toMatchObject({ label: "PR", title: "Fix it", url: expect.stringContaining("/pull/") as string });
    const again = { ...of, change: { ...of.change, description: "Fix it all" } };
    expect((await provider.prepareMail(again, {}))?.pullRequest?.title).toBe("Fix it all");
    expect(held.pullRequests).toHaveLength(1);
  });

  test("is read by its URL: reviewers' comments, and whether it has been submitted", async () => {
    const { provider, of, forge } = withChange();
    const { url = "", pullRequest } = (await provider.prepareMail(of, {})) ?? {};
    forge.say("org/app", pullRequest?.number ?? 0, { author: "ada", body: "Why?" });
    const read = await provider.generateReviewerComments(url);
    expect(await read?.()).toMatchObject([{ author: "ada", body: "Why?" }]);
    const isSubmitted = await provider.generateSubmittedCheck(`${url}/files?x=1#y`);
    expect(await isSubmitted?.()).toBe(false);
    await provider.submit({ ...of, mode: "merge" });
    expect(await isSubmitted?.()).toBe(true);
  });

  test.each([
    "http://forge.test/org/app/pull/1",
    "https://forge.test/org/app/pull/x",
    "https://elsewhere.test/org/app/pull/1",
    "https://forge.test/pull/1",
    "nonsense",
  ])("%s is none", async (url) => {
    const { provider } = makePlace();
    expect(await provider.extractChangeIdentifier(url)).toBeUndefined();
    expect(await provider.supportsReviewerComments(url)).toBeUndefined();
  });
});

test("a server that is not known as a GitHub is resolved and not asked", async () => {
  const { provider, projects } = makePlace();
  await provider.resolveRef("git.corp.example/team/tool", "gh", context);
  const change = projects.changes.put({ name: "x", project: "tool" });
  const error = await failure(provider.submit({ change, project: projects.get("tool") }));
  expect([error.code, error.next]).toEqual(["forge_unknown", expect.stringContaining("github.servers")]);
});

test("what the forge says of who asks keeps its own code", async () => {
  const { of, provider } = withChange();
  const error = await failure(provider.submit({ ...of, project: { ...of.project, url: `https://${HOST}/org/gone` } }));
  expect(error.code).toBe("repository_not_found");
});
