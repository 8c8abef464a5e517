import { type Box, type Git, type Repository, WsError } from "@ws/workspace-core";
import { addAll, commitStaged } from "./commands/commit.ts";
import { gitEnvironment } from "./environment.ts";
import { runToEnd } from "./run-git.ts";

/** `Git.commitAll`, with the hooks of the repository, as whoever works there would commit. */
export async function commitAll(
  box: Box,
  repository: Repository,
  options: Parameters<Git["commitAll"]>[2],
): Promise<void> {
  const { message, env, group, signal } = options;
  const running = {
    cwd: options.worktree ?? box.repositoryDirectory(repository.name),
    env: gitEnvironment({ forwarded: false, ...(env === undefined ? {} : { env }) }),
    group,
    ...(signal === undefined ? {} : { signal }),
  };
  for (const command of [addAll(), commitStaged(message)]) {
    const { code, stdout, stderr } = await runToEnd(box, command.argv, running);
    if (code === 0) continue;
    if (/nothing (?:added )?to commit|working tree clean/.test(stdout)) return;
    throw commitFailure(repository, stderr || stdout);
  }
}

/** How git says that it has nobody to commit as. */
export const identityMissing =
  /tell me who you are|empty ident name|auto-detection is disabled|no (?:name|email) was given/i;

export function commitFailure({ name }: Repository, output: string): WsError {
  if (identityMissing.test(output)) return nobodyToCommitAs();
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const why = (lines.find((line) => /^(?:error|fatal): /.test(line)) ?? lines.at(-1) ?? "git ended without a word")
    .replace(/^(?:error|fatal): /, "")
    .slice(0, 300);
  return new WsError("commit_failed", {
    message: `Nothing was committed: ${why}.`,
    next: "Commit by hand to see more: 'git commit' in the workspace.",
    data: { repository: name },
  });
}

export function nobodyToCommitAs(): WsError<"identity_missing"> {
  return new WsError("identity_missing", {
    message: "Nothing was committed: git does not know in whose name.",
    next: "Say it once for all workspaces: 'ws config set git.name NAME' and 'ws config set git.email ADDRESS'.",
    data: {},
  });
}
