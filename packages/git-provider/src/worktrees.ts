import { type Box, type Repository, throwIfAborted, WsError } from "@ws/workspace-core";
import { checkBranch } from "./commands/branch-name.ts";
import type { GitCommand } from "./commands/command.ts";
import { status } from "./commands/status.ts";
import { worktrees } from "./commands/unpushed.ts";
import {
  addWorktreeAt,
  checkOutWorktreeAt,
  commitOf,
  deleteBranch,
  pruneWorktrees,
  removeWorktreeAt,
  unpushedOf,
} from "./commands/worktree.ts";
import { gitEnvironment } from "./environment.ts";
import { branchNotFound } from "./failures.ts";
import { type Outcome, runToEnd } from "./run-git.ts";

export interface WorktreeOptions {
  /** An absolute path outside the repository. */
  path: string;
  branch: string;
  /** The environment of processes there. */
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/** What lies in a worktree and nowhere else. */
export interface WorktreeState {
  uncommitted: { count: number; files: readonly string[] };
  /** Commits of its branch that the remote did not have when it was last seen. */
  unpushed: number;
}

const GROUP = "worktree";
const SHOWN = 20;

/**
 * Makes a worktree of a workspace's repository, inside the workspace. The branch begins at `base` of the remote, as it was
 * last seen, else at what is checked out; one that is there already is checked out as it is. Throws `branch_not_found`,
 * `invalid_input`, `clone_failed`.
 */
export async function addWorktree(
  box: Box,
  repository: Repository,
  options: WorktreeOptions & { base?: string },
): Promise<void> {
  const { path, branch, base } = options;
  checkBranch(branch, "branch");
  if (base !== undefined) checkBranch(base, "base");
  const run = runner(box, repository, options);
  // What a worktree that was cut off has left: git knows of none there, so that nobody has worked in it.
  await run(pruneWorktrees());
  const start = base === undefined ? "HEAD" : `refs/remotes/origin/${base}`;
  const known = await run(commitOf(`refs/heads/${branch}`));
  if (known.code !== 0 && base !== undefined && (await run(commitOf(start))).code !== 0) {
    throw branchNotFound(repository.url, base);
  }
  const command = known.code === 0 ? checkOutWorktreeAt(path, branch) : addWorktreeAt(path, branch, start);
  const added = await run(command);
  if (added.code !== 0) throw failed(repository, "make a worktree", added);
}

/** The directories of a repository's worktrees besides its own. */
export async function worktreePaths(box: Box, repository: Repository): Promise<string[]> {
  const command = worktrees();
  const listed = await runner(box, repository, {})(command);
  if (listed.code !== 0) throw failed(repository, "list worktrees", listed);
  return command.parse(listed.stdout).slice(1);
}

/** Only looks. Throws `repository_not_found` where the worktree is gone. */
export async function worktreeState(
  box: Box,
  repository: Repository,
  options: WorktreeOptions,
): Promise<WorktreeState> {
  const run = runner(box, repository, options);
  const looking = status(options.path);
  const looked = await run(looking);
  if (looked.code !== 0) {
    throw new WsError("repository_not_found", {
      message: `The worktree ${options.path} is not there any more.`,
      next: "Remove it, and make another one.",
      data: { url: repository.url },
    });
  }
  const { files, head } = looking.parse(looked.stdout);
  const known = commitOf(`refs/heads/${options.branch}`);
  const branch = await run(known);
  // Whoever works there may stand elsewhere by now.
  const commits = [...(head === undefined ? [] : [head]), ...(branch.code === 0 ? [known.parse(branch.stdout)] : [])];
  const counting = unpushedOf(commits);
  const counted = commits.length === 0 ? undefined : await run(counting);
  if (counted !== undefined && counted.code !== 0) throw failed(repository, "look into a worktree", counted);
  return {
    uncommitted: { count: files.length, files: files.slice(0, SHOWN) },
    unpushed: counted === undefined ? 0 : counting.parse(counted.stdout),
  };
}

/** Removes a worktree with all that is in it, and its branch here; one that is gone is success. */
export async function removeWorktree(box: Box, repository: Repository, options: WorktreeOptions): Promise<void> {
  const run = runner(box, repository, options);
  const removed = await run(removeWorktreeAt(options.path, { force: true }));
  if (removed.code !== 0) {
    // What git no longer knows as a worktree is only a directory, or nothing.
    if ((await worktreePaths(box, repository)).includes(options.path))
      throw failed(repository, "remove a worktree", removed);
    await box.files.remove(options.path, options.signal);
  }
  await run(pruneWorktrees());
  await run(deleteBranch(options.branch));
}

function runner(box: Box, repository: Repository, { env, signal }: Pick<WorktreeOptions, "env" | "signal">) {
  const running = {
    cwd: box.repositoryDirectory(repository.name),
    env: gitEnvironment({ forwarded: false, ...(env === undefined ? {} : { env }) }),
    group: GROUP,
    ...(signal === undefined ? {} : { signal }),
  };
  return async (command: GitCommand<unknown>): Promise<Outcome> => {
    const outcome = await runToEnd(box, command.argv, running);
    throwIfAborted(signal);
    return outcome;
  };
}

function failed({ name, url }: Repository, what: string, { stderr }: Outcome): WsError<"clone_failed"> {
  const line = stderr.split("\n").find((each) => /^(?:fatal|error): /.test(each)) ?? "git ended without a word";
  return new WsError("clone_failed", {
    message: `Git could not ${what} of '${name}': ${line.replace(/^\w+: /, "").slice(0, 300)}.`,
    next: "Try it by hand to see more: 'git worktree list' in the workspace.",
    data: { url },
  });
}
