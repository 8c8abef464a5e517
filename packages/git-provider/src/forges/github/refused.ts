import { isWsError, WsError } from "@ws/workspace-core";

/** Whether the forge refused a request with one of these statuses. */
export function isRefusedWith(error: unknown, ...statuses: number[]): error is WsError<"forge_refused"> {
  return isWsError(error, "forge_refused") && statuses.includes(error.data.status);
}

/** The forge's own words for a refusal. */
export function reasonFor(error: WsError<"forge_refused">): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

export function pullRequestRefused(branch: string, what: string, error: WsError<"forge_refused">): WsError {
  const reason = reasonFor(error);
  return new WsError("pull_request_refused", {
    message: `${what}: ${reason}.`,
    ...nextOf(reason, branch),
    data: { branch },
    cause: error,
  });
}

function nextOf(reason: string, branch: string): { next?: string } {
  if (reason.startsWith("head is invalid")) return { next: `Push the branch '${branch}' first.` };
  if (reason.startsWith("base is invalid")) return { next: "Name a branch of the repository as the base." };
  if (reason.startsWith("No commits between")) return { next: "Commit and push something first." };
  if (/draft/i.test(reason)) return { next: "Ask for it without draft." };
  return {};
}
