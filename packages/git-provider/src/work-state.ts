import { type Box, type Git, type Repository, WsError, type WorkState } from "@ws/workspace-core";
import { status } from "./commands/status.ts";
import { unpushedCommits, worktrees } from "./commands/unpushed.ts";
import type { GitCommand } from "./commands/command.ts";
import { gitEnvironment } from "./environment.ts";
import { runToEnd } from "./run-git.ts";
import { repositoryGone } from "./working/failures.ts";

const SHOWN = 20;

/** `Git.workState`. Looks into every worktree of the repository; those of other repositories are none of ours. */
export async function workState(
  box: Box,
  repository: Repository,
  options: Parameters<Git["workState"]>[2],
): Promise<WorkState> {
  const directory = box.repositoryDirectory(repository.name);
  const { env, group, signal } = options;
  const running = {
    cwd: directory,
    env: gitEnvironment({ forwarded: false, ...(env === undefined ? {} : { env }) }),
    group,
    ...(signal === undefined ? {} : { signal }),
  };
  const ask = async <T>(command: GitCommand<T>): Promise<T> => {
    const outcome = await runToEnd(box, command.argv, running);
    if (outcome.code === 0) return command.parse(outcome.stdout);
    throw notARepository(repository, outcome.stderr);
  };
  const [{ branch, head, stashes, files }, [, ...others], unpushed] = await Promise.all([
    ask(status(directory)),
    ask(worktrees()),
    ask(unpushedCommits()),
  ]);
  const elsewhere: string[] = [];
  for (const path of others) {
    const { files: theirs } = await ask(status(path));
    elsewhere.push(...theirs.map((file) => `${path}/${file}`));
  }
  const all = [...files, ...elsewhere];
  return {
    ...(branch === undefined ? {} : { branch }),
    ...(head === undefined ? {} : { head }),
    uncommitted: { count: all.length, files: all.slice(0, SHOWN) },
    unpushed,
    stashes,
  };
}

function notARepository(repository: Repository, stderr: string): WsError {
  if (!/not a git repository/.test(stderr)) {
    const [line = ""] = stderr.split("\n");
    return new WsError("internal", {
      message: `Git could not look into the repository: ${line.slice(0, 300)}`,
      data: {},
    });
  }
  return repositoryGone(repository);
}
