import { randomBytes } from "node:crypto";
import type { ServedRepository } from "../git-server.ts";

/** The branches of a repository, and what its pull requests ask of them. */
export interface Refs {
  branches(): Promise<Map<string, string>>;
  remove(branch: string): Promise<void>;
  /** How many commits the one has that the other lacks. */
  ahead(base: string, head: string): Promise<number>;
  /** Brings the one into the other, as one commit where it is squashed; undefined where they conflict. */
  merge(base: string, head: string, squashed: boolean): Promise<string | undefined>;
}

/** Branches without anything behind them, for many repositories at once. */
export function memoryRefs(defaultBranch: string): Refs {
  const branches = new Map([[defaultBranch, randomBytes(20).toString("hex")]]);
  return {
    branches: async () => branches,
    remove: async (branch) => void branches.delete(branch),
    ahead: async (base, head) => (branches.get(base) === branches.get(head) ? 0 : 1),
    merge: async (base, head) => {
      const sha = branches.get(head) ?? "";
      branches.set(base, sha);
      return sha;
    },
  };
}

/** The branches of a bare repository, so that a pull request's head has to be pushed first. */
export function gitRefs({ git }: Pick<ServedRepository, "git">): Refs {
  return {
    async branches() {
      const listed = await git("for-each-ref", "--format=%(objectname) %(refname:lstrip=2)", "refs/heads/");
      return new Map(
        listed
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => [line.slice(41), line.slice(0, 40)]),
      );
    },
    remove: async (branch) => void (await git("update-ref", "-d", `refs/heads/${branch}`)),
    ahead: async (base, head) => Number(await git("rev-list", "--count", `refs/heads/${base}..refs/heads/${head}`)),
    async merge(base, head, squashed) {
      const [ours, theirs] = [`refs/heads/${base}`, `refs/heads/${head}`];
      const tree = await git("merge-tree", "--write-tree", ours, theirs).catch(() => undefined);
      if (tree === undefined) return undefined;
      const parents = squashed ? ["-p", ours] : ["-p", ours, "-p", theirs];
      const sha = (await git("commit-tree", tree.trim(), ...parents, "-m", `Merge ${head}`)).trim();
      await git("update-ref", ours, sha);
      return sha;
    },
  };
}
