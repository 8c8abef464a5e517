import type { Log } from "./ports.ts";
import type { WorkflowMetadata, WorkspaceProvider } from "./provider.ts";
import { isWorkflowType } from "./references.ts";

/** What a provider declares, or what is wrong with it; one that breaks silences no other. */
export function describe(
  provider: WorkspaceProvider,
  log: Log,
): { provider: WorkspaceProvider; metadata?: WorkflowMetadata; problem?: string } {
  try {
    const metadata = provider.getWorkflowMetadata();
    if (metadata === undefined) return { provider };
    const problem = metadataProblem(metadata);
    if (problem === undefined) return { provider, metadata };
    log.error("a provider's metadata cannot be used", { provider: provider.name, problem });
    return { provider, problem };
  } catch (error) {
    log.error("a provider failed", { provider: provider.name, hook: "getWorkflowMetadata", error });
    return { provider, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What keeps metadata from being used; undefined where nothing does. */
export function metadataProblem({
  workflowType,
  refPattern,
  displayName,
  preAllocatedEnvPrefix,
}: WorkflowMetadata): string | undefined {
  if (!isWorkflowType(workflowType)) return "the workflow type is not lower-case letters, digits and inner hyphens";
  if (displayName.trim() === "") return "the display name is empty";
  if (!/^[A-Z][A-Z0-9_]*$/.test(preAllocatedEnvPrefix)) {
    return "the prefix of variables is not capital letters, digits and underscores";
  }
  try {
    void new RegExp(refPattern, "u");
    return undefined;
  } catch {
    return "the reference pattern is not a regular expression";
  }
}

/** Of two for one type the first counts. */
export function firstOfEachType(all: readonly WorkflowMetadata[]): WorkflowMetadata[] {
  return all.filter((one, at) => all.findIndex(({ workflowType }) => workflowType === one.workflowType) === at);
}
