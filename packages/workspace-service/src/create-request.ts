import { WsError, type CreateRequest, type Execution, type WorkspaceId } from "@ws/workspace-core";
import type { Settings } from "./config.ts";
import type { OnComplete, UserCredentials, WorkspaceConfig } from "./requests.ts";

/** What the core is asked for. Throws `invalid_input` for what cannot be done. */
export function createRequest(
  config: WorkspaceConfig,
  { id, given, settings }: { id: WorkspaceId; given: UserCredentials | undefined; settings: Settings },
): CreateRequest {
  const { repo, baseBranch, onComplete, env, checkout } = config;
  const { autoCleanup, ttlMs } = settings;
  const branch = branchOf(config);
  const execution = executionOf(config, id);
  if (onComplete !== undefined) requireHook(onComplete);
  return {
    id,
    // Unique, as nothing that a user might call it is.
    name: id,
    clone: repo,
    autoCleanup,
    ...(baseBranch === undefined ? {} : { base: baseBranch }),
    ...(branch === undefined ? {} : { branch }),
    ...(execution === undefined ? {} : { execution }),
    ...(checkout === undefined ? {} : { checkout }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(given?.type === "ssh" ? { credentials: "none" as const } : {}),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  };
}

/** The branch that was asked for by name; undefined where one is made. */
function branchOf({ branchStrategy = "feature_branch", branchName, baseBranch }: WorkspaceConfig): string | undefined {
  switch (branchStrategy) {
    case "feature_branch":
      return branchName;
    case "direct":
      if (baseBranch !== undefined && (branchName === undefined || branchName === baseBranch)) return baseBranch;
      throw unfit(
        "branchStrategy",
        "The strategy 'direct' works on the base branch itself.",
        "Name it as baseBranch, and no other as branchName.",
      );
    case "fork":
      throw unfit(
        "branchStrategy",
        "Forks are not made here: a token that is for one repository cannot make another one.",
        "Provision the fork's own URL, or leave branchStrategy out to work on a branch of the repository.",
      );
    default:
      throw unfit(
        "branchStrategy",
        `There is no strategy '${String(branchStrategy)}'.`,
        "Use 'feature_branch' or 'direct'.",
      );
  }
}

/** The execution that a workspace is part of; one with a task alone is an execution of its own. */
export function executionOf(
  { execution, task, user }: Pick<WorkspaceConfig, "execution" | "task" | "user">,
  id: string,
): Execution | undefined {
  if (execution === undefined && task === undefined) return undefined;
  return {
    id: execution?.id ?? id,
    role: task?.role ?? "agent",
    ...(task?.slug === undefined ? {} : { slug: task.slug }),
    ...(task?.id === undefined ? {} : { taskId: task.id }),
    ...(execution?.patternName === undefined ? {} : { patternName: execution.patternName }),
    ...(user === undefined ? {} : { userId: user.id }),
  };
}

/** Throws `invalid_input` for a webhook that is none, or would go over the network in the clear. */
export function requireHook({ webhook }: OnComplete): void {
  if (webhook === undefined) return;
  const url = URL.canParse(webhook) ? new URL(webhook) : undefined;
  const isLoopback = url !== undefined && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) return;
  throw unfit(
    "onComplete.webhook",
    "The webhook has to be an https URL, or http on loopback.",
    "Correct onComplete.webhook.",
  );
}

function unfit(field: string, message: string, next: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", { message, next, data: { field } });
}
