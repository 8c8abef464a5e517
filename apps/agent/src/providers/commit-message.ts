import { localRepositoryUrl, type Project } from "@ws/workspace-core";
import type { Providers } from "./providers.ts";

/** A commit's message with what the project of this repository wants in every one; as it is for a repository of no project. */
export async function commitMessage(providers: Providers, url: string | undefined, message: string): Promise<string> {
  if (url === undefined) return message;
  const isSame = await providers.repositories();
  const project = providers.projects.list().find((one) => isSame(urlOf(one), url));
  if (project === undefined) return message;
  const registry = await providers.registry();
  const workflowType = await registry.detectWorkflowType(project);
  if (workflowType === undefined) return message;
  return registry.formatCommitDescription(message, { project, workflowType });
}

/** What a workspace of it clones. */
function urlOf({ name, url, bareRepoDir }: Project): string {
  return url ?? (bareRepoDir === undefined ? "" : localRepositoryUrl(name));
}
