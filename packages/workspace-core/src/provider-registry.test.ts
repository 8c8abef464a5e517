import { describe, expect, test, vi } from "vitest";
import { isWsError, WsError } from "./errors.ts";
import { createProviderRegistry } from "./provider-registry.ts";
import { defineProvider, type ProviderContext, type WorkspaceProvider } from "./provider.ts";
import { referencePattern } from "./references.ts";
import { createMemoryProjects } from "./testing/memory-projects.ts";

const context: ProviderContext = { mayUseHost: false, mayCreate: false };

function provider(type: string, hooks: Partial<WorkspaceProvider> = {}): WorkspaceProvider {
  return defineProvider({
    name: `${type}-provider`,
    getWorkflowMetadata: () => ({
      workflowType: type,
      refPattern: referencePattern(type),
      displayName: type.toUpperCase(),
      preAllocatedEnvPrefix: `X_${type.toUpperCase()}`,
      vcsFamily: "git",
      vcsProviderName: `vcs_${type}`,
    }),
    resolveRef: (ref, asked) =>
      asked === type
        ? { workflowType: type, projectName: ref, allocates: true, extra: { by: `${type}-provider` } }
        : undefined,
    ...hooks,
  });
}

function registry(providers: readonly WorkspaceProvider[], disabled?: "all" | readonly string[]) {
  const projects = createMemoryProjects();
  const log = { debug() {}, info() {}, warn() {}, error: vi.fn<(message: string, fields?: object) => void>() };
  return {
    projects,
    log,
    made: createProviderRegistry({ providers, projects, log, ...(disabled === undefined ? {} : { disabled }) }),
  };
}

async function failure(work: Promise<unknown>): Promise<WsError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isWsError(error)) return error;
  throw new Error(`expected a domain error, not ${String(error)}`);
}

describe("the providers of a worker", () => {
  test("metadata is collected from all, in their order", () => {
    const { made } = registry([provider("gh"), defineProvider({ name: "quiet" }), provider("git")]);
    expect(made.getWorkflowNames()).toEqual(["gh", "git"]);
    expect(made.getAllWorkflowMetadata().map(({ displayName }) => displayName)).toEqual(["GH", "GIT"]);
    expect(made.getDisplayName("git")).toBe("GIT");
    expect(made.getDisplayNameByVcs("vcs_git")).toBe("GIT");
    expect(made.getDisplayNameByVcsFamily("git")).toBe("GH");
    expect(made.getDisplayName("hg")).toBeUndefined();
    expect(Object.keys(made.getRefPatterns())).toEqual(["gh", "git"]);
    expect(made.getPreAllocatedEnvPrefix("gh")).toBe("X_GH");
  });

  test("one whose metadata throws or cannot be used is named, and silences no other", () => {
    const broken = defineProvider({
      name: "broken",
      getWorkflowMetadata: () => {
        throw new Error("no network");
      },
    });
    const odd = provider("Odd Type");
    const { made, log } = registry([broken, odd, provider("gh")]);
    expect(made.getWorkflowNames()).toEqual(["gh"]);
    expect(made.list()).toMatchObject([
      { name: "broken", problem: "no network" },
      { name: "Odd Type-provider", problem: expect.stringContaining("workflow type") as string },
      { name: "gh-provider" },
    ]);
    expect(log.error.mock.calls.map(([, fields]) => fields)).toMatchObject([
      { provider: "broken" },
      { provider: "Odd Type-provider" },
    ]);
  });

  test("of every other hook the first answer holds, in the order that was given", async () => {
    const asked: string[] = [];
    const hooks = (name: string, answer?: string): WorkspaceProvider =>
      defineProvider({
        name,
        async getChangeLabel() {
          asked.push(name);
          return answer;
        },
      });
    const { made } = registry([hooks("one"), hooks("two", "PR"), hooks("three", "CL")]);
    expect(await made.getChangeLabel({ name: "a" })).toBe("PR");
    expect(asked).toEqual(["one", "two"]);
  });

  test("false is an answer too", async () => {
    const { made } = registry([
      defineProvider({ name: "no", supportsReviewerComments: () => false }),
      defineProvider({ name: "yes", supportsReviewerComments: () => true }),
    ]);
    expect(await made.supportsReviewerComments("https://x.test/pull/1")).toBe(false);
  });

  test("one that breaks leaves the answer to the next, and is blamed where nobody has one", async () => {
    const breaks = defineProvider({
      name: "breaks",
      detectWorkflowType: () => {
        throw new TypeError("x is undefined");
      },
    });
    const answers = defineProvider({ name: "answers", detectWorkflowType: () => "gh" });
    expect(await registry([breaks, answers]).made.detectWorkflowType({ name: "a" })).toBe("gh");
    const error = await failure(registry([breaks]).made.detectWorkflowType({ name: "a" }));
    expect([error.code, error.data]).toEqual(["provider_failed", { provider: "breaks", hook: "detectWorkflowType" }]);
    expect(error.message).toContain("x is undefined");
  });

  test("a provider's refusal is an answer", async () => {
    const refuses = provider("gh", {
      resolveRef: () => {
        throw new WsError("reference_not_found", { message: "No such repository.", data: { reference: "x" } });
      },
    });
    const other = defineProvider({
      name: "other",
      resolveRef: () => ({ workflowType: "gh", projectName: "x", allocates: true, extra: {} }),
    });
    expect((await failure(registry([refuses, other]).made.resolveRef("#gh:x", context))).code).toBe(
      "reference_not_found",
    );
  });

  test("of two for one type, the first declares it", async () => {
    const second = provider("gh", { getWorkflowMetadata: provider("gh").getWorkflowMetadata });
    const { made } = registry([provider("gh"), second]);
    expect(made.getWorkflowNames()).toEqual(["gh"]);
    expect((await made.resolveRef("#gh:a/b", context)).extra).toEqual({ by: "gh-provider" });
  });
});

describe("an unknown type", () => {
  test("is refused, naming the known ones and the nearest", async () => {
    const { made } = registry([provider("gh"), provider("git")]);
    const error = await failure(made.resolveRef("#gitt:tool", context));
    expect([error.code, error.next]).toEqual(["provider_not_found", "Did you mean '#git:'?"]);
    expect(error.message).toContain("gh, git");
  });
});

describe("providers that are switched off", () => {
  test.each<["all" | readonly string[], string[], boolean[]]>([
    ["all", [], [false, false]],
    [["gh"], ["git"], [false, true]],
    [["git-provider"], ["gh"], [true, false]],
    [[], ["gh", "git"], [true, true]],
  ])("%j leaves %j", async (disabled, left, enabled) => {
    const { made } = registry([provider("gh"), provider("git")], disabled);
    expect(made.getWorkflowNames()).toEqual(left);
    expect(made.list().map((one) => one.enabled)).toEqual(enabled);
    for (const type of ["gh", "git"].filter((one) => !left.includes(one))) {
      const error = await failure(made.resolveRef(`#${type}:unknown/x`, context));
      expect([error.code, error.next]).toEqual(["provider_not_found", expect.stringContaining("WS_DISABLE_PROVIDERS")]);
    }
  });

  test("are not asked anything", async () => {
    const getChangeLabel = vi.fn(() => "PR");
    const { made } = registry([provider("gh", { getChangeLabel })], ["gh"]);
    expect(await made.getChangeLabel({ name: "a" })).toBe("change");
    expect(getChangeLabel).not.toHaveBeenCalled();
  });
});

describe("a known project needs no provider", () => {
  const project = { name: "sase", workflowType: "gh", url: "https://github.com/org/sase", defaultBranch: "trunk" };

  test.each(["#gh:sase", "#gh(sase)", "#gh_sase"])(
    "%s leads to it with the provider switched off",
    async (reference) => {
      const { made, projects } = registry([provider("gh")], "all");
      projects.add(project);
      expect(await made.resolveRef(reference, context)).toMatchObject({
        workflowType: "gh",
        projectName: "sase",
        cloneUrl: "https://github.com/org/sase",
        checkoutTarget: "trunk",
        allocates: true,
      });
    },
  );

  test("of one that says no type, references of every type are, but for plain directories", async () => {
    const plain = provider("cd");
    const metadata = plain.getWorkflowMetadata();
    if (metadata === undefined) throw new Error("no metadata");
    const directory = { ...plain, getWorkflowMetadata: () => ({ ...metadata, vcsFamily: "", vcsProviderName: "" }) };
    const { made, projects } = registry([provider("gh"), directory], "all");
    projects.add({ name: "sase", workspaceDir: "/home/me/sase" });
    for (const reference of ["#gh:sase", "#hg:sase"]) {
      expect(await made.resolveRef(reference, context)).toMatchObject({ primaryWorkspaceDir: "/home/me/sase" });
    }
    expect((await failure(made.resolveRef("#cd:sase", context))).code).toBe("provider_not_found");
  });

  test("also where no such provider is there at all, and a change leads to its branch", async () => {
    const { made, projects } = registry([]);
    projects.add(project);
    projects.changes.put({ name: "fix", project: "sase", branch: "me/fix" });
    expect(await made.resolveRef("#gh_sase", context)).toMatchObject({ projectName: "sase" });
    expect(await made.resolveRef("#gh:fix", context)).toMatchObject({ projectName: "sase", checkoutTarget: "me/fix" });
    expect((await failure(made.resolveRef("#hg:sase", context))).code).toBe("provider_not_found");
  });
});

test("a prompt is read with the types of all providers and projects, the ones switched off too", async () => {
  const { made, projects } = registry([provider("git")], "all");
  projects.add({ name: "sase", workflowType: "gh", url: "https://github.com/org/sase" });
  const { references, text } = made.readPrompt("#gh_sase and #git_tool, but not #some_word");
  expect(references.map(({ type, ref }) => [type, ref])).toEqual([
    ["gh", "sase"],
    ["git", "tool"],
  ]);
  expect(text).toBe("and , but not #some_word");
  const { references: implied } = made.readPrompt("just do it");
  expect(implied).toMatchObject([{ type: "cd", ref: "~" }]);
});

describe("the environment of a launch", () => {
  const inherited = {
    PATH: "/bin",
    X_GH_PRE_ALLOCATED: "1",
    X_GH_WORKSPACE_NUM: "4",
    X_GH_WORKSPACE_DIR: "/old",
    X_GIT_WORKSPACE_DIR: "/older",
    WS_GONE_WORKSPACE_NUM: "9",
    X_GH_OTHER: "stays",
  };
  const resolved = { workflowType: "gh", projectName: "a", allocates: true, extra: {} };

  test("has its own workspace's variables and nobody's before it, also of providers that are off", async () => {
    const { made } = registry(
      [provider("gh", { setupWorkflow: () => ({ FURTHER: "yes" }) }), provider("git")],
      ["git"],
    );
    expect(await made.setupWorkflow(resolved, { number: 2, directory: "/home/w/a" }, inherited)).toEqual({
      PATH: "/bin",
      X_GH_OTHER: "stays",
      X_GH_PRE_ALLOCATED: "1",
      X_GH_WORKSPACE_NUM: "2",
      X_GH_WORKSPACE_DIR: "/home/w/a",
      FURTHER: "yes",
    });
  });

  test("of one that waits has number 0 and no directory", async () => {
    const { made } = registry([provider("gh"), provider("git")]);
    expect(await made.setupWorkflow(resolved, { number: 0, directory: "/primary" }, inherited)).toEqual({
      PATH: "/bin",
      X_GH_OTHER: "stays",
      X_GH_WORKSPACE_NUM: "0",
    });
  });

  test("where nothing is allocated has none", async () => {
    const { made } = registry([provider("gh"), provider("git")]);
    const there = { ...resolved, allocates: false };
    expect(await made.setupWorkflow(there, { number: 0 }, inherited)).toEqual({ PATH: "/bin", X_GH_OTHER: "stays" });
  });
});

test("what no provider can submit is refused by name", async () => {
  const { made } = registry([provider("gh")]);
  const change = {
    name: "fix",
    project: "a",
    branch: "fix",
    description: "",
    state: "draft" as const,
    createdAt: 1,
    updatedAt: 1,
  };
  const error = await failure(made.submitChangespec({ change, project: { name: "a" } }));
  expect([error.code, error.data]).toEqual(["submit_failed", { change: "fix" }]);
  expect((await failure(made.isSubmitted("https://x.test/1"))).code).toBe("forge_unknown");
  expect(await made.formatCommitDescription("As it is", { workflowType: "gh" })).toBe("As it is");
});
