import { type Box, isWsError } from "@ws/workspace-core";
import { runToEnd } from "../run-git.ts";

const FILE = "ws.gitconfig";

/**
 * Lets `gh` know which repository it is in. It reads `git remote -v`, which shows where git is led instead of the real URL; so the
 * repository has a further remote under a URL that is not led, from which nothing is fetched.
 */
export async function writeGhRemote(
  box: Box,
  { host, owner, repo, directory }: { host: string; owner: string; repo: string; directory: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const abortable = signal === undefined ? {} : { signal };
  const path = `${box.home}/.config/gh/${FILE}`;
  const text = `# Written by the worker at each connect: by this, gh knows the repository. Nothing is fetched from it.
[remote "ws-gh"]
\turl = ssh://git@${host.replace(/:\d+$/, "")}/${owner}/${repo}.git
\tpushurl = https://${host}/${owner}/${repo}.git
\tskipFetchAll = true
\tskipDefaultUpdate = true
`;
  await box.files.write(path, new TextEncoder().encode(text), { mode: 0o600, ...abortable });
  // Only there: in another repository of the home it would be wrong.
  const key = `includeIf.gitdir:${directory}/.path`;
  const running = { cwd: "/", ...abortable };
  const known = await runToEnd(box, ["git", "config", "--global", "--get-all", key], running);
  if (known.stdout.split("\n").includes(path)) return;
  await runToEnd(box, ["git", "config", "--file", `${box.home}/.gitconfig`, "--add", key, path], running);
}

export async function removeGhRemote(box: Box, signal?: AbortSignal): Promise<void> {
  await box.files.remove(`${box.home}/.config/gh/${FILE}`, signal).catch((error: unknown) => {
    if (!isWsError(error, "file_not_found")) throw error;
  });
}
