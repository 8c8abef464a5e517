import { localRepositoryUrl, type Project } from "@ws/workspace-core";
import type { Providers } from "./providers.ts";

/** A commit's message with what the project of this repository wants in every one; as it is for a repository of no project. */
export async function commitMessage(providers: Providers, url: string | undefined, message: string): Promise<string> {
  const project = providers.projects.list().find((one) => isOf(one, url));
  if (project === undefined) return message;
  const registry = await providers.registry();
  const workflowType = await registry.detectWorkflowType(project);
  if (workflowType === undefined) return message;
  return registry.formatCommitDescription(message, { project, workflowType });
}

function isOf({ name, url, bareRepoDir }: Project, asked: string | undefined): boolean {
  const own = url ?? (bareRepoDir === undefined ? undefined : localRepositoryUrl(name));
  return own !== undefined && asked !== undefined && plain(own) === plain(asked);
}

function plain(url: string): string {
  return url
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .toLowerCase();
}
