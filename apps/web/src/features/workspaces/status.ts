import type { WorkspaceInfo } from "@ws/rpc-contract";
import type { StepProgress } from "../../live/workspaces.ts";

/** What the step under way says, or, after a failure, what failed. */
export function stepLine(workspace: WorkspaceInfo, progress: StepProgress | undefined): string | undefined {
  const running = workspace.startup.steps.find((step) => step.status === "running");
  const busy = workspace.status === "creating" || workspace.operation !== undefined;
  if (running !== undefined && busy) {
    const detail = progress?.step === running.id ? progress.message : running.message;
    return detail === undefined || detail === "" ? running.label : `${running.label}: ${detail}`;
  }
  if (workspace.status === "error") return workspace.failure?.message;
  if (workspace.status === "stopped") return workspace.stopReason;
  return undefined;
}

const finalizing: Readonly<Record<string, string>> = {
  finalize: "",
  commit: " at: commit",
  push: " at: push",
  pull_request: " at: pull request",
  cleanup: " at: cleanup",
};

/** Whether a step that failed was one of a finalize: the workspace itself came up. */
export function isOfFinalize(step: string): boolean {
  return Object.hasOwn(finalizing, step);
}

/** What failed at which step. */
export function failureTitle({ startup }: Pick<WorkspaceInfo, "startup">, step: string): string {
  if (isOfFinalize(step)) return `Last finalize failed${finalizing[step] ?? ""}`;
  return `Failed: ${startup.steps.find(({ id }) => id === step)?.label ?? step}`;
}
