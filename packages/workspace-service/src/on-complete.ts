import { toWsError, type Log, type Workspaces } from "@ws/workspace-core";
import type { PullRequestInfo } from "./objects.ts";
import type { OnComplete } from "./requests.ts";

export interface Completed {
  status: "success" | "error";
  workspaceId: string;
  executionId: string;
  repo: string;
  branch: string;
  pullRequest?: PullRequestInfo | undefined;
  error?: string;
}

const COMMAND_MS = 600_000;
const WEBHOOK_MS = 10_000;
const SAID = 2_000;

/**
 * Does what was asked for once a workspace is finalized. Neither part fails what it follows: how it ended is in the log. After
 * a crash it can be done twice.
 */
export async function onComplete(
  hook: OnComplete,
  completed: Completed,
  {
    workspaces,
    name,
    cwd,
    fetch,
    log,
  }: {
    workspaces: Pick<Workspaces, "run">;
    /** The workspace's, in which the command runs. */
    name: string;
    cwd: string;
    fetch: typeof globalThis.fetch;
    log: Log;
  },
): Promise<void> {
  if (completed.status === "error" && hook.runOnError !== true) return;
  const { workspaceId: workspace } = completed;
  const { command, webhook } = hook;
  if (command !== undefined) {
    try {
      const running = await workspaces.run(name, ["sh", "-c", command], {
        cwd,
        env: environmentOf(completed),
        group: "complete",
        signal: AbortSignal.timeout(COMMAND_MS),
      });
      const [exit, said] = await Promise.all([running.exit, textOf(running.stderr), textOf(running.stdout)]);
      if (exit.code !== 0) log.warn("the command on completion failed", { workspace, code: exit.code, said });
    } catch (error) {
      log.warn("the command on completion could not be run", { workspace, error: toWsError(error).message });
    }
  }
  if (webhook === undefined) return;
  try {
    const { status } = await fetch(webhook, {
      method: "POST",
      headers: { "content-type": "application/json", ...hook.webhookHeaders },
      body: JSON.stringify({ event: "workspace:finalized", ...completed }),
      // What the headers hold is for this address.
      redirect: "error",
      signal: AbortSignal.timeout(WEBHOOK_MS),
    });
    if (status >= 300) log.warn("the webhook did not take it", { workspace, status });
  } catch (error) {
    log.warn("the webhook could not be reached", { workspace, error: String(error) });
  }
}

function environmentOf({
  status,
  workspaceId,
  executionId,
  repo,
  branch,
  pullRequest,
}: Completed): Record<string, string> {
  return {
    WORKSPACE_STATUS: status,
    WORKSPACE_ID: workspaceId,
    WORKSPACE_EXECUTION_ID: executionId,
    WORKSPACE_REPO: repo,
    WORKSPACE_BRANCH: branch,
    ...(pullRequest === undefined
      ? {}
      : { WORKSPACE_PR_URL: pullRequest.url, WORKSPACE_PR_NUMBER: String(pullRequest.number) }),
  };
}

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const bytes of source) text = (text + Buffer.from(bytes).toString()).slice(-SAID);
  return text;
}
