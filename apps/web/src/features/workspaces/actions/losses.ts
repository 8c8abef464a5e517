import type { AgentClient } from "@ws/rpc-contract/client";

/** What deleting a workspace destroys, as far as it can be known. */
export interface Losses {
  /** Undefined where it could not be looked at. */
  work: { uncommitted: readonly string[]; unpushed: readonly string[] } | undefined;
  terminals: number | undefined;
}

/** Asked of git inside the workspace: commits that no remote has are unpushed. */
const LOOK = [
  "git rev-parse --git-dir >/dev/null || exit 1",
  "git status --porcelain --untracked-files=normal | head -n 200",
  "printf '\\n===\\n'",
  "git log --branches HEAD --not --remotes --format='%h %s' 2>/dev/null | head -n 200",
].join("\n");

/** Looks for work that exists nowhere else. A workspace that does not run cannot be looked into. */
export async function findLosses(
  client: AgentClient,
  workspace: { name: string; status: string; repo?: string | undefined },
  signal: AbortSignal,
): Promise<Losses> {
  if (workspace.status !== "running") return { work: undefined, terminals: undefined };
  const { name } = workspace;
  const [work, terminals] = await Promise.all([
    workspace.repo === undefined
      ? undefined
      : client.workspaces.exec({ name, command: LOOK, timeout: 10_000 }, { signal }).then(
          (result) => (result.exitCode === 0 ? parseLook(result.stdout) : undefined),
          () => undefined,
        ),
    client.terminals.list({ name }, { signal }).then(
      (list) => list.filter((terminal) => terminal.exitCode === undefined).length,
      () => undefined,
    ),
  ]);
  return { work, terminals };
}

/** The two lists of `LOOK`. */
export function parseLook(stdout: string): NonNullable<Losses["work"]> {
  const [status = "", log = ""] = stdout.split("\n===\n");
  const lines = (text: string) => text.split("\n").filter((line) => line.trim() !== "");
  return { uncommitted: lines(status).map((line) => line.slice(3)), unpushed: lines(log) };
}
