import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { oneLine } from "./one-line.ts";
import { showCommit, showStatus, statusLine } from "./show-git.ts";

/** What git tells of a workspace; undefined where it does not run or git cannot be asked, which must not hide the rest. */
export async function lookAtGit(
  { name, status, repo }: WorkspaceInfo,
  commits: number,
  client: AgentClient,
  signal: AbortSignal,
): Promise<{ data: Record<string, unknown> & { commits: Record<string, unknown>[] }; lines: string[] } | undefined> {
  if (status !== "running" || repo === undefined) return undefined;
  try {
    const [now, log] = await Promise.all([
      client.git.status({ name }, { signal }),
      client.git.log({ name, limit: commits }, { signal }),
    ]);
    return {
      data: { ...showStatus(now), commits: log.commits.map(showCommit) },
      lines: [statusLine(now), ...log.commits.map(({ hash, subject }) => `${hash.slice(0, 12)} ${oneLine(subject)}`)],
    };
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}
