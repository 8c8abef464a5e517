import type { Box, Git, Repository } from "@ws/workspace-core";
import { checkBranch } from "./commands/branch-name.ts";
import { fetchBranches } from "./commands/fetch.ts";
import { gitEnvironment } from "./environment.ts";
import { branchNotFound, cloneFailure } from "./failures.ts";
import { progressReporter } from "./progress.ts";
import { runToEnd } from "./run-git.ts";

/** `Git.fetch`. */
export async function fetch(
  box: Box,
  repository: Repository,
  options: Parameters<Git["fetch"]>[2] & { forwarded: boolean },
): Promise<void> {
  const { branches = [], report, group, signal } = options;
  for (const branch of branches) checkBranch(branch, "branch");
  const { code, stderr } = await runToEnd(box, fetchBranches(branches).argv, {
    cwd: box.repositoryDirectory(repository.name),
    env: gitEnvironment(options),
    group,
    onLine: progressReporter(report),
    ...(signal === undefined ? {} : { signal }),
  });
  if (code === 0) return;
  const [, missing] = /couldn't find remote ref refs\/heads\/(\S+)/.exec(stderr) ?? [];
  throw missing === undefined ? cloneFailure(repository.url, stderr) : branchNotFound(repository.url, missing);
}
