import type { Box } from "./box.ts";
import type { GitWork } from "./git-work.ts";
import type { Report } from "./progress.ts";
import type { Preparation } from "./preparation.ts";
import type { RepositorySnapshot } from "./repository-snapshot.ts";
import type { Execution, Profile, Repository, WorkspaceId } from "./workspace.ts";

/** What lies in a workspace's repository and nowhere else. */
export interface WorkState {
  /** The branch that is checked out, born or not; absent where it is none. */
  branch?: string;
  /** The commit that is checked out; absent before the first one. */
  head?: string;
  /** Changed and new files that are not ignored, the first of them by path. */
  uncommitted: { count: number; files: readonly string[] };
  /** Commits, of all branches and of what is checked out, that the remote did not have when it was last seen. */
  unpushed: number;
  stashes: number;
}

export interface GitRunOptions {
  /** The environment of processes there. */
  env?: Readonly<Record<string, string>>;
  /** Under which its processes are found again and ended. */
  group: string;
  signal?: AbortSignal;
}

/** Git, run inside workspaces. */
export interface Git {
  /** Throws `invalid_clone_url`, naming the accepted forms. */
  parseUrl(text: string): Pick<Repository, "url" | "name">;
  /** Throws `invalid_input` with this field where git takes no branch of this name. */
  checkBranch(name: string, field: "branch" | "base"): void;
  /**
   * The branch of its own that a workspace stands on: `PREFIX/EXECUTION/ROLE/SLUG`, with its name where the
   * execution has no slug, or without an execution `PREFIX/ID/person/NAME`. Throws `invalid_input` where the execution's id cannot be part of one.
   */
  ownBranch(workspace: { id: WorkspaceId; name: string; execution?: Execution }): string;
  /** What the branches of an execution begin with. */
  branchesOf(execution: string): string;
  /** Whether a branch is of this execution. */
  isOfExecution(branch: string, execution: string): boolean;
  /**
   * Leads the workspace's https git traffic through this Box to the worker, until the Box closes; for the profile `agent`
   * only to its own repository. With the signal nothing of it stays.
   */
  attach(box: Box, workspace: { profile: Profile; repository?: Repository }, signal?: AbortSignal): Promise<void>;
  /**
   * Says in the git configuration of an open Box in whose name it commits, below whatever the workspace's own says. False where that
   * cannot be said there, because its git is not led to the worker.
   */
  identify(box: Box, identity: { name?: string; email?: string }, signal?: AbortSignal): Promise<boolean>;
  /** Writes into the repository behind an open Box what its grant is by now, and takes out of it what an ended one left. */
  showRights(box: Box, signal?: AbortSignal): Promise<void>;
  /**
   * Begins to gather on the worker what the clone of this workspace will need, by the right that its grant gives; undefined
   * where that shortens nothing. What was gathered stays until it is released: the repository goes on using it.
   */
  prepare(
    repository: Repository,
    options: { workspace: WorkspaceId; signal: AbortSignal },
  ): Promise<Preparation | undefined>;
  /**
   * The files of what the clone of this workspace will begin with, out of what was prepared for it; undefined where that has not the
   * branch. It is to be disposed of.
   */
  snapshot(
    repository: Repository,
    options: { workspace: WorkspaceId; signal: AbortSignal },
  ): Promise<RepositorySnapshot | undefined>;
  /** Gives up what is kept for a workspace that is no more; nothing is success. Never throws. */
  release(workspace: WorkspaceId): Promise<void>;
  /** Removes what is kept beyond that for workspaces to come, and tells how many bytes that were. Never throws. */
  removeUnused(): Promise<number>;
  /** Workspaces for which something is kept, of other workers too. */
  prepared(): Promise<WorkspaceId[]>;
  /**
   * Clones and checks out. Throws `authentication_failed`, `repository_not_found`, `repository_unreachable`, `branch_not_found`,
   * `disk_full`, `clone_failed`. Resolves to the branch that is checked out and the one that it was begun from, where that is known.
   */
  clone(
    box: Box,
    repository: Repository,
    options: GitRunOptions & { report: Report },
  ): Promise<{ branch: string; baseBranch?: string }>;
  /** Only looks; what the workspace's own configuration makes of it is run there. Throws `repository_not_found` where none lies there. */
  workState(box: Box, repository: Repository, options: GitRunOptions): Promise<WorkState>;
  /** Commits everything that is not ignored, of `worktree` where it is given; nothing to commit is success. Throws `identity_missing`, `commit_failed`. */
  commitAll(
    box: Box,
    repository: Repository,
    options: GitRunOptions & { message: string; worktree?: string },
  ): Promise<void>;
  /**
   * Brings what is checked out, in `worktree` where it is given, to the branch of this name on the remote, and makes sure that it is there; `from` is the
   * branch that is checked out, where it is another one, which then follows what it followed before. Throws `push_refused`, `push_failed`,
   * `authentication_failed`, `repository_not_found`, `repository_unreachable`.
   */
  push(
    box: Box,
    repository: Repository,
    options: GitRunOptions & {
      branch: string;
      force?: boolean;
      /** With `force`: the commit that the remote must still have there, empty for none; whatever it has where absent. */
      expected?: string;
      report: Report;
      worktree?: string;
    },
  ): Promise<{ commit: string; from?: string }>;
  /** Everything, or these branches. Throws as `clone`. */
  fetch(
    box: Box,
    repository: Repository,
    options: GitRunOptions & { branches?: readonly string[]; report: Report },
  ): Promise<void>;
  /** The repository, or its `worktree` where that is given, to look at and to work on. */
  work(box: Box, repository: Repository, options: GitRunOptions & { worktree?: string }): GitWork;
}
