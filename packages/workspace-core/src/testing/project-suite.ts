import { describe, expect, test } from "vitest";
import type { Change, Project } from "../projects/project.ts";
import type { ChangeStore, ProjectStore } from "../projects/stores.ts";

/** What keeps projects and changes has to do this, whatever it is made of. */
export function projectStoresSuite(
  title: string,
  make: () => Promise<{
    projects: ProjectStore;
    changes: ChangeStore;
    /** The same content opened anew, as after a restart. Absent for stores that forget. */
    reopen?: () => Promise<{ projects: ProjectStore; changes: ChangeStore }>;
    [Symbol.asyncDispose]: () => Promise<void>;
  }>,
): void {
  const full: Project = {
    name: "Next.js",
    workflowType: "gh",
    url: "https://github.com/vercel/next.js",
    bareRepoDir: "/srv/git/next.git",
    workspaceDir: "/home/me/next",
    defaultBranch: "canary",
    maxWorkspaces: 3,
    submit: "pull_request",
    commit: { prefix: "[next] ", tags: { Team: "web" } },
  };
  const change: Change = {
    name: "fix-login",
    project: "Next.js",
    branch: "parallax/exec-1/engineer/fix-login",
    description: "Fix the login\n\nÜber alles.",
    state: "draft",
    createdAt: 1,
    updatedAt: 2,
  };

  describe(`${title} are kept`, () => {
    test("gives back what was written, and nothing of what never was", async () => {
      await using stores = await make();
      stores.projects.write(full);
      stores.projects.write({ name: "a", url: "https://host.test/a" });
      expect(stores.projects.read("Next.js")).toEqual(full);
      expect(stores.projects.names()).toEqual(["Next.js", "a"]);
      expect(stores.projects.read("b")).toBeUndefined();
      stores.changes.put(change);
      expect(stores.changes.list()).toEqual([change]);
    });

    test("replaces as a whole", async () => {
      await using stores = await make();
      stores.projects.write(full);
      stores.projects.write({ name: "Next.js", url: "https://host.test/other" });
      expect(stores.projects.read("Next.js")).toEqual({ name: "Next.js", url: "https://host.test/other" });
      stores.changes.put(change);
      stores.changes.put({ ...change, state: "submitted" });
      expect(stores.changes.list()).toEqual([{ ...change, state: "submitted" }]);
    });

    test("keeps a change of one name for each project, in order", async () => {
      await using stores = await make();
      for (const project of ["b", "a"]) stores.changes.put({ ...change, project });
      expect(stores.changes.list().map(({ project }) => project)).toEqual(["a", "b"]);
      stores.changes.remove("a", "fix-login");
      expect(stores.changes.list().map(({ project }) => project)).toEqual(["b"]);
    });

    test("removes, also what is gone", async () => {
      await using stores = await make();
      stores.projects.write(full);
      stores.projects.remove("Next.js");
      stores.projects.remove("Next.js");
      stores.changes.remove("Next.js", "fix-login");
      expect([stores.projects.names(), stores.changes.list()]).toEqual([[], []]);
    });

    test("still has everything after a restart", async () => {
      await using stores = await make();
      stores.projects.write(full);
      stores.changes.put(change);
      const again = (await stores.reopen?.()) ?? stores;
      expect(again.projects.read("Next.js")).toEqual(full);
      expect(again.changes.list()).toEqual([change]);
    });
  });
}
