import { describe, expect, test } from "vitest";
import { isWsError } from "../errors.ts";
import { createMemoryProjects } from "../testing/memory-projects.ts";

function codeOf(work: () => unknown): [string, string] | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return isWsError(error) ? [error.code, error.next ?? ""] : undefined;
  }
}

describe("projects", () => {
  test("one that is not there is named with the nearest", () => {
    const projects = createMemoryProjects();
    projects.add({ name: "storefront", url: "https://host.test/storefront" });
    expect(codeOf(() => projects.get("storefornt"))).toEqual(["project_not_found", "Did you mean 'storefront'?"]);
    expect(projects.find("storefornt")).toBeUndefined();
  });

  test("a second of a name is refused, also where only case differs: files are not told apart everywhere", () => {
    const projects = createMemoryProjects();
    projects.add({ name: "Tool", url: "https://host.test/tool" });
    expect(codeOf(() => projects.add({ name: "tool", url: "https://host.test/x" }))?.[0]).toBe("project_exists");
  });

  test.each(["", "../x", "a/b", ".hidden", "a\nb", "-x", "a.", "x".repeat(101)])("%j is no name of one", (name) => {
    const projects = createMemoryProjects();
    expect(codeOf(() => projects.add({ name, url: "https://host.test/x" }))?.[0]).toBe("invalid_input");
    expect(projects.list()).toEqual([]);
  });

  test("one without anything to work on is refused", () => {
    expect(codeOf(() => createMemoryProjects().add({ name: "a" }))?.[0]).toBe("invalid_input");
  });

  test("a directory belongs to the innermost project around it, and never to a neighbour whose name begins alike", () => {
    const projects = createMemoryProjects();
    projects.add({ name: "outer", workspaceDir: "/src/app" });
    projects.add({ name: "inner", workspaceDir: "/src/app/vendor/lib" });
    expect(projects.around("/src/app/vendor/lib/x")?.name).toBe("inner");
    expect(projects.around("/src/app")?.name).toBe("outer");
    expect(projects.around("/src/app-secrets")).toBeUndefined();
  });
});

describe("changes", () => {
  const withProjects = () => {
    const projects = createMemoryProjects();
    for (const name of ["a", "b"]) projects.add({ name, url: `https://host.test/${name}` });
    return projects;
  };

  test("one is recorded with its branch and found by its name", () => {
    const { changes } = withProjects();
    changes.put({ name: "fix", project: "a", description: "Fix it" });
    expect(changes.get("fix")).toMatchObject({ project: "a", branch: "fix", state: "draft", description: "Fix it" });
    changes.put({ name: "fix", project: "a", state: "review" });
    expect(changes.get("a/fix")).toMatchObject({ state: "review", description: "Fix it" });
  });

  test("one of several projects has to say which", () => {
    const { changes } = withProjects();
    for (const project of ["a", "b"]) changes.put({ name: "fix", project });
    expect(codeOf(() => changes.get("fix"))).toEqual(["reference_invalid", "Say which one, such as 'a/fix'."]);
    expect(changes.get("b/fix").project).toBe("b");
  });

  test("one that is not there is named with the nearest, and one of no project is refused", () => {
    const { changes } = withProjects();
    changes.put({ name: "fix-login", project: "a" });
    expect(codeOf(() => changes.get("fix-logn"))).toEqual(["change_not_found", "Did you mean 'fix-login'?"]);
    expect(codeOf(() => changes.put({ name: "x", project: "c" }))?.[0]).toBe("project_not_found");
  });

  test("what was submitted stays so", () => {
    const { changes } = withProjects();
    changes.put({ name: "fix", project: "a", state: "submitted" });
    expect(codeOf(() => changes.put({ name: "fix", project: "a", state: "draft" }))?.[0]).toBe("illegal_transition");
    expect(changes.get("fix").state).toBe("submitted");
  });

  test("a project takes its changes with it", () => {
    const projects = withProjects();
    projects.changes.put({ name: "fix", project: "a" });
    projects.remove("a");
    expect(projects.changes.list()).toEqual([]);
    expect(codeOf(() => projects.remove("a"))?.[0]).toBe("project_not_found");
  });
});
