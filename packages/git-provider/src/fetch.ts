import type { Box, Git, Repository } from "@ws/workspace-core";
import { checkBranch } from "./commands/branch-name.ts";
import { fetchBranches } from "./commands/fetch.ts";
import { gitEnvironment } from "./environment.ts";
import { cloneFailure } from "./failures.ts";
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
  if (code !== 0) throw cloneFailure(repository.url, stderr);
}
