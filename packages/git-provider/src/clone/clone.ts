import { type Box, type Git, type Repository, toWsError, WsError } from "@ws/workspace-core";
import { type Cloned, cloneBorrowed } from "./clone-borrowed.ts";
import { claimDirectory, cloneMark } from "./clone-directory.ts";
import { checkBranch } from "../commands/branch-name.ts";
import { createBranch, currentBranch, defaultBranch, narrowTo, setConfig } from "../commands/checkout.ts";
import { cloneRepository } from "../commands/clone.ts";
import type { GitCommand } from "../commands/command.ts";
import { fetchLargeFiles, lfsVersion } from "../commands/lfs.ts";
import { listRemoteBranches } from "../commands/ls-remote.ts";
import { gitEnvironment } from "../environment.ts";
import { branchNotFound, cloneFailure, largeFilesFailure } from "../failures.ts";
import { progressReporter } from "../progress.ts";
import { parseRepositoryUrl } from "../repo-url.ts";
import { runToEnd } from "../run-git.ts";

export type CloneOptions = Parameters<Git["clone"]>[2] & {
  /** Whether https leaves this Box through the worker, which git then reaches over http. */
  forwarded: boolean;
  /** Told where what the place is shown proved of no use. */
  onUseless?: (reason: string) => Promise<void>;
};

/** `Git.clone`. */
export async function clone(box: Box, repository: Repository, options: CloneOptions): Promise<Cloned> {
  const { url } = parseRepositoryUrl(repository.url);
  const { branch, baseBranch, branchIsNew = false, checkout = {} } = repository;
  if (branch !== undefined) checkBranch(branch, "branch");
  if (baseBranch !== undefined) checkBranch(baseBranch, "base");
  const { report, signal } = options;
  const running = { env: gitEnvironment(options), group: options.group, ...(signal === undefined ? {} : { signal }) };
  const identity = identityIn(options.env);

  if (!box.missing.includes("groups")) await box.endGroup(options.group, signal);
  const cloned = (await borrowed()) ?? (await plain());
  if (checkout.lfs === true) await withLargeFiles();
  return cloned;

  /** Undefined where there is nothing to borrow, or what there is does not do. */
  async function borrowed(): Promise<Cloned | undefined> {
    if (box.objects === undefined || !canBorrow(repository)) return undefined;
    report({ message: `Checking out ${url}` });
    const directory = box.repositoryDirectory(repository.name);
    const mark = cloneMark(box, repository.name);
    const came = await cloneBorrowed(box, { ...repository, url }, { ...running, directory, mark, identity });
    if ("branch" in came) return came;
    if (!came.left) return undefined;
    // A full disk is full for a plain clone, too, and says nothing about what was borrowed.
    const failure = cloneFailure(url, came.reason);
    if (failure.code !== "disk_full") await options.onUseless?.(came.reason);
    return undefined;
  }

  async function plain(): Promise<Cloned> {
    const directory = await claimDirectory(box, { url, name: repository.name }, signal);
    const inside = { ...running, cwd: directory.path };
    if (directory.finished) return standing(inside);
    try {
      const start = await startingBranch();
      report({ message: `Cloning ${url}` });
      const onLine = progressReporter(report);
      const outside = { ...running, cwd: box.home, onLine };
      await gitOrFail(cloneRepository(url, directory.path, { ...checkout, branch: start }), outside, start);
      if (checkout.sparse !== undefined) await gitOrFail(narrowTo(checkout.sparse), inside);
      if (branch !== undefined && branch !== start) await gitOrFail(createBranch(branch), inside);
      for (const [key, value] of Object.entries(identity)) {
        if (value !== "") await gitOrFail(setConfig(`user.${key}`, value), inside);
      }
      const cloned = await standing(inside);
      await directory.release();
      return cloned;
    } catch (error) {
      // Where the Box is gone too, the mark stays and the next attempt clears.
      await directory.clear().then(directory.release, () => undefined);
      throw toWsError(error);
    }
  }

  /** The remote's branch to check out: the one asked for, else its base, else (undefined) the default. */
  async function startingBranch(): Promise<string | undefined> {
    if (branch === undefined || branchIsNew) return baseBranch;
    const asked = [branch, ...(baseBranch === undefined ? [] : [baseBranch])];
    const found = await gitOrFail(listRemoteBranches(url, asked), { ...running, cwd: box.home });
    if (found.has(branch)) return branch;
    if (baseBranch !== undefined && !found.has(baseBranch)) throw branchNotFound(url, baseBranch);
    return baseBranch;
  }

  async function standing(inside: Parameters<typeof runToEnd>[2]): Promise<Cloned> {
    const current = (await git(currentBranch(), inside)) ?? "HEAD";
    const base = baseBranch ?? (await git(defaultBranch(), inside));
    return { branch: current, ...(base === undefined ? {} : { baseBranch: base }) };
  }

  async function withLargeFiles(): Promise<void> {
    report({ message: `Fetching the large files of ${url}` });
    const inside = { ...running, cwd: box.repositoryDirectory(repository.name) };
    if ((await git(lfsVersion(), inside)) === undefined) {
      throw new WsError("clone_failed", {
        message: `The large files of '${url}' were not fetched: the workspace has no Git LFS.`,
        next: "Use an image with git-lfs in it, or leave --lfs out.",
        data: { url },
      });
    }
    for (const command of fetchLargeFiles()) {
      const { code, stderr } = await run(command, inside);
      if (code !== 0) throw largeFilesFailure(url, stderr);
    }
  }

  async function git<T>(command: GitCommand<T>, where: Parameters<typeof runToEnd>[2]): Promise<T | undefined> {
    const outcome = await run(command, where);
    return outcome.code === 0 ? command.parse(outcome.stdout) : undefined;
  }

  async function gitOrFail<T>(
    command: GitCommand<T>,
    where: Parameters<typeof runToEnd>[2],
    start?: string,
  ): Promise<T> {
    const outcome = await run(command, where);
    if (outcome.code === 0) return command.parse(outcome.stdout);
    if (start !== undefined && NO_SUCH_BRANCH.test(outcome.stderr)) throw branchNotFound(url, start);
    throw cloneFailure(url, outcome.stderr);
  }

  function run(
    { argv, stdin }: GitCommand<unknown>,
    where: Parameters<typeof runToEnd>[2],
  ): ReturnType<typeof runToEnd> {
    return runToEnd(box, argv, { ...where, ...(stdin === undefined ? {} : { stdin }) });
  }
}

/** Whether what the worker keeps shortens this clone: it has the whole history, which is not what a short one is asked for. */
export function canBorrow({ checkout: { depth, filter } = {} }: Repository): boolean {
  return depth === undefined && filter === undefined;
}

const NO_SUCH_BRANCH = /Remote branch .* not found in upstream/;

/** Commits are signed with what the worker is set to, also by programs that are not started by it. */
function identityIn(env: Readonly<Record<string, string>> = {}): { name: string; email: string } {
  return { name: env["GIT_AUTHOR_NAME"] ?? "", email: env["GIT_AUTHOR_EMAIL"] ?? "" };
}
