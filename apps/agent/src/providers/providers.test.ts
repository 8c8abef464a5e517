import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createAdapters } from "../runtimes/adapters.ts";
import { knownGitHub } from "../testing/known-github.ts";
import { createFakeAdapters } from "../testing/fake-adapters.ts";
import { tempDir } from "../testing/temp-dir.ts";
import { startTestAgent } from "../testing/test-agent.ts";
import { failure, remoteWith, startWithProviders } from "../testing/with-providers.ts";

describe("references, through the agent", () => {
  test("lead where their providers say", async () => {
    await using agent = await startWithProviders();
    expect((await agent.local.providers.list()).map(({ name, enabled, source }) => [name, enabled, source])).toEqual([
      ["git", true, "built-in"],
      ["gh", true, "built-in"],
      ["cd", true, "built-in"],
    ]);
    expect(await agent.local.providers.resolve({ reference: "#gh:org/app" })).toMatchObject({
      cloneUrl: "https://github.com/org/app",
      projectName: "app",
      projectFile: join(agent.configDirectory, "projects", "app.json"),
    });
    expect((await agent.local.projects.list()).projects).toMatchObject([{ name: "app", workflowType: "gh" }]);
    expect(await agent.local.providers.resolve({ reference: "#gh_app" })).toMatchObject({ projectName: "app" });
    expect(await failure(agent.local.providers.resolve({ reference: "#gx:app" }))).toMatchObject({
      wire: "NOT_FOUND",
      code: "provider_not_found",
    });
    expect(await failure(agent.local.providers.resolve({ reference: "gh:app" }))).toMatchObject({
      wire: "BAD_REQUEST",
    });
  });

  test("and looking makes nothing, so that it needs no more than reading", async () => {
    await using agent = await startWithProviders();
    const reader = await remoteWith(agent, "read");
    expect(await reader.providers.peek({ reference: "#gh:org/app" })).toMatchObject({ projectName: "app" });
    expect(await failure(reader.providers.peek({ reference: "#git:tool" }))).toMatchObject({ wire: "NOT_FOUND" });
    expect(await failure(reader.providers.resolve({ reference: "#gh:org/app" }))).toMatchObject({ wire: "FORBIDDEN" });
    expect((await agent.local.projects.list()).projects).toEqual([]);
  });

  test("#cd: is for the worker's own user and for administrators, from where the caller stands", async () => {
    await using agent = await startWithProviders();
    using place = tempDir();
    const path = realpathSync(place.path);
    const asked = { reference: "#cd(.)", cwd: path };
    const expected = { primaryWorkspaceDir: path, allocates: false };
    expect(await agent.local.providers.resolve(asked)).toMatchObject(expected);
    const admin = await remoteWith(agent, "admin");
    expect(await admin.providers.peek(asked)).toMatchObject(expected);
    expect(await failure(admin.providers.peek({ reference: "#cd:sub" }))).toMatchObject({ wire: "BAD_REQUEST" });
    for (const scope of ["read", "write"]) {
      const other = await remoteWith(agent, scope);
      for (const reference of ["#cd:~", `#cd:${path}`, "#cd:/nonexistent"]) {
        expect(await failure(other.providers.peek({ reference }))).toMatchObject({
          wire: "FORBIDDEN",
          code: "forbidden",
        });
      }
    }
  });

  test("#git: outside the worker's directories is refused until its owner names one", async () => {
    await using agent = await startWithProviders();
    using place = tempDir();
    const bare = join(realpathSync(place.path), "tool.git");
    execFileSync("git", ["init", "--quiet", "--bare", bare]);
    expect(await failure(agent.local.providers.resolve({ reference: `#git:${bare}` }))).toMatchObject({
      wire: "FORBIDDEN",
    });
    await agent.local.config.settings.set({ key: "git.roots", value: realpathSync(place.path) });
    expect(await agent.local.providers.resolve({ reference: `#git:${bare}` })).toMatchObject({ projectName: "tool" });
  });
});

describe("WS_DISABLE_PROVIDERS", () => {
  test.each<[string, string[]]>([
    ["all", []],
    ["1", []],
    ["gh,cd", ["git"]],
    ["git", ["gh", "cd"]],
  ])("=%s leaves %j", async (value, left) => {
    await using agent = await startWithProviders({ WS_DISABLE_PROVIDERS: value });
    const enabled = (await agent.local.providers.list()).filter((one) => one.enabled).map(({ name }) => name);
    expect(enabled).toEqual(left);
    const asked = agent.local.providers.resolve({ reference: "#gh:org/app" });
    if (left.includes("gh")) expect(await asked).toMatchObject({ projectName: "app" });
    else expect((await failure(asked)).next).toContain("WS_DISABLE_PROVIDERS");
  });

  test("does not hide a project that is known, nor what a workspace clones for it", async () => {
    await using agent = await startWithProviders({ WS_DISABLE_PROVIDERS: "all" });
    await agent.local.projects.add({ name: "app", workflowType: "gh", url: "https://github.com/org/app" });
    const made = await agent.local.workspaces.create({ name: "demo", clone: "#gh_app" });
    expect(made).toMatchObject({ repo: "https://github.com/org/app" });
  });
});

describe("a workspace of a reference", () => {
  test("clones what it leads to, and a repetition under one key finds it again", async () => {
    await using agent = await startWithProviders();
    const request = { name: "demo", clone: "#gh:org/app", idempotencyKey: "k" };
    const made = await agent.local.workspaces.create(request);
    expect(made).toMatchObject({ repo: "https://github.com/org/app", status: "running" });
    expect((await agent.local.workspaces.create(request)).id).toBe(made.id);
    expect((await agent.local.workspaces.start({ name: "demo", clone: "#gh_app" })).id).toBe(made.id);
    const other = agent.local.workspaces.start({ name: "demo", clone: "#gh:org/other" });
    expect(await failure(other)).toMatchObject({ wire: "CONFLICT", code: "repository_mismatch" });
  });

  test("stands on the branch of a change", async () => {
    await using agent = await startWithProviders();
    await agent.local.projects.add({ name: "app", url: "https://github.com/org/app" });
    await agent.local.changes.put({ name: "fix-login", project: "app", branch: "me/fix-login" });
    const made = await agent.local.workspaces.create({ name: "demo", clone: "#gh:fix-login" });
    expect(made).toMatchObject({ repo: "https://github.com/org/app", branch: "me/fix-login" });
  });

  test("of a directory there is none", async () => {
    await using agent = await startWithProviders();
    using place = tempDir();
    const asked = agent.local.workspaces.create({ name: "demo", clone: "#cd(.)", cwd: place.path });
    expect(await failure(asked)).toMatchObject({ wire: "BAD_REQUEST", code: "reference_invalid" });
    const writer = await remoteWith(agent, "write");
    expect(await failure(writer.workspaces.create({ name: "demo", clone: "#cd:/etc" }))).toMatchObject({
      wire: "FORBIDDEN",
    });
    expect(await agent.local.workspaces.list()).toEqual([]);
  });
});

test("providers that could not be loaded are loaded when they are next asked for", async () => {
  const fakes = createFakeAdapters();
  let isBroken = true;
  await using agent = await startTestAgent({
    adapters: (options) => ({
      ...fakes,
      async providers(...given) {
        if (isBroken) throw new Error("no such file");
        return createAdapters({ ...options, forges: [knownGitHub()] }).providers(...given);
      },
    }),
  });
  expect(await failure(agent.local.providers.list())).toMatchObject({ code: "internal" });
  isBroken = false;
  expect((await agent.local.providers.list()).map(({ name }) => name)).toEqual(["git", "gh", "cd"]);
});

describe("providers from npm", () => {
  const source = `export default ({ projects }) => {
    const silent = () => undefined;
    const hooks = ["detectWorkflowType", "getChangeLabel", "getWorkspaceName", "setupWorkflow", "getWorkspaceDirectory", "submit", "prepareMail",
      "extractChangeIdentifier", "supportsReviewerComments", "generateReviewerComments", "generateSubmittedCheck", "formatCommitDescription"];
    return {
      ...Object.fromEntries(hooks.map((hook) => [hook, silent])),
      name: "svn",
      getWorkflowMetadata: () => ({ workflowType: "svn", refPattern: "#svn:(.+)", displayName: "Subversion",
        preAllocatedEnvPrefix: "X_SVN", vcsFamily: "svn", vcsProviderName: "svn" }),
      resolveRef: (ref, type) => type === "svn" ? { workflowType: type, projectName: ref, allocates: true, extra: { known: String(projects.list().length) } } : undefined,
    };
  };`;

  function install(directory: string, name: string, text: string): void {
    const place = join(directory, "node_modules", name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, "package.json"), JSON.stringify({ name, type: "module", exports: "./index.js" }));
    writeFileSync(join(place, "index.js"), text);
  }

  test("are those that the worker's own configuration names, asked first; one that breaks keeps no other from it", async () => {
    using home = tempDir();
    const configDirectory = join(home.path, "config");
    install(configDirectory, "@acme/ws-svn", source);
    install(configDirectory, "broken", "throw new Error('no such thing');");
    install(configDirectory, "odd", "export default () => ({ name: 'odd' });");
    const env = { WS_PROVIDERS: "@acme/ws-svn, broken, odd, missing" };
    await using agent = await startWithProviders(env, { configDirectory });
    expect(await agent.local.providers.list()).toMatchObject([
      { name: "svn", enabled: true, source: "@acme/ws-svn" },
      { name: "git" },
      { name: "gh" },
      { name: "cd" },
      { name: "broken", enabled: false, problem: "no such thing" },
      { name: "odd", enabled: false, problem: expect.stringContaining("defineProvider") as string },
      { name: "missing", enabled: false, problem: expect.stringContaining("npm install --prefix") as string },
    ]);
    expect(await agent.local.providers.resolve({ reference: "#svn:tool" })).toMatchObject({ projectName: "tool" });
  });

  test("are used only as long as they are what they were locked to, and what changed is not even run", async () => {
    using home = tempDir();
    const configDirectory = join(home.path, "config");
    install(configDirectory, "@acme/ws-svn", source);
    const listed = async (WS_PROVIDERS: string) => {
      await using agent = await startWithProviders({ WS_PROVIDERS }, { configDirectory });
      return (await agent.local.providers.list()).find((one) => one.source === "@acme/ws-svn");
    };
    const open = await listed("@acme/ws-svn");
    expect(open).toMatchObject({ name: "svn", locked: false, integrity: expect.stringMatching(/^sha256-/) as string });
    const locked = `@acme/ws-svn#${open?.integrity}`;
    expect(await listed(locked)).toMatchObject({ name: "svn", locked: true, enabled: true });
    const ran = join(home.path, "ran");
    install(
      configDirectory,
      "@acme/ws-svn",
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(ran)}, "");`,
    );
    const changed = await listed(locked);
    expect(changed).toMatchObject({
      enabled: false,
      problem: expect.stringContaining("not what was locked") as string,
    });
    expect(changed?.problem).toContain(changed?.integrity);
    expect(existsSync(ran)).toBe(false);
  });

  test("are never what lies around the worker, in a repository", async () => {
    using repository = tempDir();
    const ran = join(repository.path, "ran");
    install(
      repository.path,
      "evil",
      `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(ran)}, "");`,
    );
    const configDirectory = join(repository.path, "sub", "config");
    await using agent = await startWithProviders({ WS_PROVIDERS: "evil" }, { configDirectory });
    expect((await agent.local.providers.list()).at(-1)).toMatchObject({ name: "evil", enabled: false });
    expect(existsSync(ran)).toBe(false);
  });

  test.each(["../evil", "/tmp/evil", "a/b/c", "node:fs", "file:///tmp/x", "Evil Name"])(
    "and %j is no package's name",
    async (name) => {
      await expect(startWithProviders({ WS_PROVIDERS: name })).rejects.toMatchObject({ code: "config_invalid" });
    },
  );
});
