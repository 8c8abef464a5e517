import { isWsError, WsError } from "./errors.ts";
import type { ChangedFile, DiffFile, DiffOptions, GitDiff, GitWork } from "./git-work.ts";
import { lets } from "./policy/lets.ts";
import type { Policy } from "./policy/policy.ts";
import { relativePath } from "./policy/relative-path.ts";

/** As many files as are judged one by one. */
const MOST = 100_000;
/** What is checked out where no branch is. */
const NO_BRANCH = "HEAD";

/**
 * The same repository, as far as a policy lets it be seen and changed: what it hides is in no comparison, what may not be written is neither staged,
 * committed nor brought back, and a fixed branch is the only one that is worked on.
 */
export function gitBehindPolicy(work: GitWork, policy: Policy): GitWork {
  const shows = (act: "see" | "read", file: { path: string; oldPath?: string }): boolean =>
    [file.path, file.oldPath ?? file.path].every((path) => lets(policy, { act, path }));

  function readable(diff: GitDiff): GitDiff {
    const hidden = diff.files.filter((file) => !shows("read", file));
    if (hidden.length === 0) return diff;
    const sum = (of: (file: DiffFile) => number): number => hidden.reduce((total, file) => total + of(file), 0);
    return {
      ...diff,
      files: diff.files.filter((file) => !hidden.includes(file)),
      additions: diff.additions - sum((file) => file.additions),
      deletions: diff.deletions - sum((file) => file.deletions),
      hidden: hidden.length,
    };
  }

  function requireVisible(paths: readonly string[] | undefined): void {
    for (const path of paths ?? []) policy.demand({ act: "see", path });
  }

  function requireWritable(files: readonly { path: string; oldPath?: string }[], truncated: boolean): void {
    for (const { path, oldPath } of files) {
      policy.demand({ act: "write", path });
      if (oldPath !== undefined) policy.demand({ act: "write", path: oldPath });
    }
    if (truncated) throw tooMany();
  }

  async function requireStageable(paths: readonly string[]): Promise<void> {
    const inside = within(paths);
    const { files, truncated } = await work.status({ untracked: "files", limit: MOST });
    requireWritable(
      files.filter((file) => file.worktree !== undefined && inside(file)),
      truncated,
    );
  }

  /** What somebody changed where this caller may not write is not taken away either. */
  async function requireOwnChanges(untracked: "files" | "none"): Promise<void> {
    if (!policy.restrictsPaths) return;
    const { files, truncated } = await work.status({ untracked, limit: MOST });
    requireWritable(files, truncated);
  }

  async function requireBranch(branch?: string): Promise<void> {
    // Asked for only where somebody minds.
    if (branch === undefined && policy.decide({ act: "branch", branch: "" }) === undefined) return;
    policy.demand({ act: "branch", branch: branch ?? (await currentBranch()) });
  }

  async function currentBranch(): Promise<string> {
    return (await work.status({ untracked: "none", limit: 1 })).branch ?? NO_BRANCH;
  }

  /** What brings the tree to another state touches whatever differs. */
  async function requireRestorable(range: DiffOptions & { from?: string; to?: string }): Promise<void> {
    const { files, total } = await work.diff({ ...range, stat: true });
    requireWritable(files, total > files.length);
  }

  function change(): void {
    policy.demand({ act: "change" });
  }

  async function changeBranch(branch?: string): Promise<void> {
    change();
    await requireBranch(branch);
  }

  return {
    async status(options) {
      const status = await work.status(options);
      const files = status.files.filter((file) => shows("see", file));
      return { ...status, files, total: status.total - (status.files.length - files.length) };
    },
    async log(options) {
      requireVisible(options?.path === undefined ? [] : [options.path]);
      return work.log(options);
    },
    async diff(options) {
      requireVisible(options?.paths);
      return readable(await work.diff(options));
    },
    async show(options) {
      requireVisible(options?.paths);
      const { commit, diff } = await work.show(options);
      return { commit, diff: readable(diff) };
    },
    async names(options) {
      const { paths, hidden, truncated } = await work.names(options);
      const seen = paths.filter((path) => shows("see", { path }));
      return { paths: seen, hidden: hidden + paths.length - seen.length, truncated };
    },
    async blob(options) {
      policy.demand({ act: "read", path: options.path });
      return work.blob(options);
    },
    async add(options) {
      change();
      await requireStageable(options.paths);
      return work.add(options);
    },
    async unstage(options) {
      change();
      requireVisible(options.paths);
      return work.unstage(options);
    },
    async restore(options) {
      change();
      const { paths, from } = options;
      await requireRestorable({ paths, ...(from === undefined ? {} : { from }) });
      return work.restore(options);
    },
    async commit(options) {
      policy.demand({ act: "commit" });
      await requireBranch();
      const all = options.all === true;
      const { files, truncated } = await work.status({ untracked: all ? "files" : "none", limit: MOST });
      requireWritable(
        files.filter((file) => all || file.index !== undefined),
        truncated,
      );
      return work.commit(options);
    },
    async pull(options) {
      await changeBranch();
      return work.pull(options);
    },
    async push(options) {
      policy.demand({ act: "push" });
      await requireBranch();
      if (options?.branch !== undefined) await requireBranch(options.branch);
      return work.push(options);
    },
    branches: () => work.branches(),
    async createBranch(options) {
      await changeBranch(options.branch);
      return work.createBranch(options);
    },
    async deleteBranch(options) {
      await changeBranch(options.branch);
      return work.deleteBranch(options);
    },
    async checkout(options) {
      await changeBranch(options.detach === true ? NO_BRANCH : options.branch);
      if (options.allowDestructive === true) await requireOwnChanges("files");
      return work.checkout(options);
    },
    stashes: () => work.stashes(),
    async stash(options) {
      await changeBranch();
      await requireOwnChanges(options?.untracked === true ? "files" : "none");
      return work.stash(options);
    },
    async popStash(options) {
      await changeBranch();
      await requirePoppable(options?.index ?? 0);
      return work.popStash(options);
    },
    async dropStash(options) {
      change();
      return work.dropStash(options);
    },
    async rebase(options) {
      await changeBranch();
      return work.rebase(options);
    },
    async continueRebase() {
      change();
      return work.continueRebase();
    },
    async abortRebase() {
      change();
      return work.abortRebase();
    },
    async reset(options) {
      await changeBranch();
      if (options?.mode === "hard") await requireRestorable({ from: options.target ?? "HEAD" });
      return work.reset(options);
    },
  };

  async function requirePoppable(index: number): Promise<void> {
    if (!policy.restrictsPaths) return;
    const name = `stash@{${index}}`;
    await requireRestorable({ from: `${name}^1`, to: name });
    // New files are kept beside it, where there were any.
    const added = await work.show({ ref: `${name}^3`, stat: true }).catch((error: unknown) => {
      if (isWsError(error, "ref_not_found")) return undefined;
      throw error;
    });
    if (added !== undefined) requireWritable(added.diff.files, added.diff.total > added.diff.files.length);
  }
}

function within(paths: readonly string[]): (file: ChangedFile) => boolean {
  const wanted = paths.map(relativePath);
  return ({ path }) => wanted.some((each) => each === "" || path === each || path.startsWith(`${each}/`));
}

function tooMany(): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: "These are more files than can be judged one by one.",
    next: "Name fewer, or the directories that hold them.",
    data: { field: "paths" },
  });
}
