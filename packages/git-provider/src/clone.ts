import { type Box, type Git, type Repository, toWsError } from "@ws/workspace-core";
import { claimDirectory } from "./clone-directory.ts";
import { checkBranch } from "./commands/branch-name.ts";
import { createBranch, currentBranch } from "./commands/checkout.ts";
import { cloneRepository } from "./commands/clone.ts";
import type { GitCommand } from "./commands/command.ts";
import { listRemoteBranches } from "./commands/ls-remote.ts";
import { gitEnvironment } from "./environment.ts";
import { branchNotFound, cloneFailure } from "./failures.ts";
import { progressReporter } from "./progress.ts";
import { parseRepositoryUrl } from "./repo-url.ts";
import { runToEnd } from "./run-git.ts";

/**
 * `Git.clone`. `forwarded` says that https leaves this Box through the worker, which git then reaches over http.
 */
export async function clone(
  box: Box,
  repository: Repository,
  options: Parameters<Git["clone"]>[2] & { forwarded: boolean },
): Promise<{ branch: string }> {
  const { url } = parseRepositoryUrl(repository.url);
  const { branch, baseBranch } = repository;
  if (branch !== undefined) checkBranch(branch, "branch");
  if (baseBranch !== undefined) checkBranch(baseBranch, "base");
  const { report, signal } = options;
  const running = { env: gitEnvironment(options), group: options.group, ...(signal === undefined ? {} : { signal }) };

  if (!box.missing.includes("groups")) await box.endGroup(options.group, signal);
  const directory = await claimDirectory(box, { url, name: repository.name }, signal);
  const inside = { ...running, cwd: directory.path };
  if (directory.finished) return { branch: (await git(currentBranch(), inside)) ?? "HEAD" };

  try {
    const start = await startingBranch();
    report({ message: `Cloning ${url}` });
    const onLine = progressReporter(report);
    await gitOrFail(cloneRepository(url, directory.path, start), { ...running, cwd: box.home, onLine });
    if (branch !== undefined && branch !== start) await gitOrFail(createBranch(branch), inside);
    const current = await git(currentBranch(), inside);
    await directory.release();
    return { branch: current ?? "HEAD" };
  } catch (error) {
    // Where the Box is gone too, the mark stays and the next attempt clears.
    await directory.clear().then(directory.release, () => undefined);
    throw toWsError(error);
  }

  /** The remote's branch to check out: the one asked for, else its base, else (undefined) the default. */
  async function startingBranch(): Promise<string | undefined> {
    const asked = [branch, baseBranch].filter((name) => name !== undefined);
    if (asked.length === 0) return undefined;
    const found = await gitOrFail(listRemoteBranches(url, asked), { ...running, cwd: box.home });
    if (branch !== undefined && found.has(branch)) return branch;
    if (baseBranch !== undefined && !found.has(baseBranch)) throw branchNotFound(url, baseBranch);
    return baseBranch;
  }

  async function git<T>(command: GitCommand<T>, where: Parameters<typeof runToEnd>[2]): Promise<T | undefined> {
    const outcome = await runToEnd(box, command.argv, where);
    return outcome.code === 0 ? command.parse(outcome.stdout) : undefined;
  }

  async function gitOrFail<T>(command: GitCommand<T>, where: Parameters<typeof runToEnd>[2]): Promise<T> {
    const outcome = await runToEnd(box, command.argv, where);
    if (outcome.code !== 0) throw cloneFailure(url, outcome.stderr);
    return command.parse(outcome.stdout);
  }
}
