import { type Box, type Git, type Repository, WsError, type WorkState } from "@ws/workspace-core";
import { status } from "./commands/status.ts";
import { unpushedCommits, worktrees } from "./commands/unpushed.ts";
import type { GitCommand } from "./commands/command.ts";
import { gitEnvironment } from "./environment.ts";
import { runToEnd } from "./run-git.ts";

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
  const { branch, head, stashes, files } = await ask(status(directory));
  const others = (await ask(worktrees())).slice(1);
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
    unpushed: await ask(unpushedCommits()),
    stashes,
  };
}

function notARepository({ url }: Repository, stderr: string): WsError {
  if (!/not a git repository/.test(stderr)) {
    const [line = ""] = stderr.split("\n");
    return new WsError("internal", {
      message: `Git could not look into the repository: ${line.slice(0, 300)}`,
      data: {},
    });
  }
  return new WsError("repository_not_found", {
    message: `Repository not found in the workspace: '${url}' does not lie where it was cloned to.`,
    next: "Clone it again there, or make another workspace.",
    data: { url },
  });
}
