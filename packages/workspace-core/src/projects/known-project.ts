import type { ResolvedRef } from "../provider.ts";
import { isProjectName, type Project } from "./project.ts";
import type { Projects } from "./projects.ts";

/** What a reference that names a registered project, or a change of one, leads to; no provider is needed for it. */
export function knownProject(projects: Projects, workflowType: string, ref: string): ResolvedRef | undefined {
  const project = isProjectName(ref) ? projects.find(ref) : undefined;
  if (project !== undefined && isOf(project, workflowType)) return resolvedProject(projects, workflowType, project);
  const ofType = (name: string): Project | undefined => {
    const found = projects.find(name);
    return found !== undefined && isOf(found, workflowType) ? found : undefined;
  };
  const [owner, name] = ref.includes("/") ? ref.split("/", 2) : [undefined, ref];
  const candidates = projects.changes
    .list(owner)
    .filter((change) => change.name === name && ofType(change.project) !== undefined);
  // With several, `find` says which projects have one.
  const change =
    candidates.length === 1 ? candidates[0] : candidates.length === 0 ? undefined : projects.changes.find(ref);
  const of = change === undefined ? undefined : ofType(change.project);
  if (change === undefined || of === undefined) return undefined;
  const resolved = resolvedProject(projects, workflowType, of);
  return { ...resolved, checkoutTarget: change.branch, extra: { ...resolved.extra, change: change.name } };
}

export function resolvedProject(projects: Projects, workflowType: string, project: Project): ResolvedRef {
  const { name, url, workspaceDir, bareRepoDir, defaultBranch } = project;
  const cloneUrl = url ?? (bareRepoDir === undefined ? undefined : localRepositoryUrl(name));
  return {
    workflowType,
    projectName: name,
    projectFile: projects.file(name),
    allocates: true,
    extra: bareRepoDir === undefined ? {} : { bareRepoDir },
    ...(workspaceDir === undefined ? {} : { primaryWorkspaceDir: workspaceDir }),
    ...(cloneUrl === undefined ? {} : { cloneUrl }),
    ...(defaultBranch === undefined ? {} : { checkoutTarget: defaultBranch }),
  };
}

/** The host under which workspaces reach the worker's own bare repositories; no name server knows it. */
export const LOCAL_GIT_HOST = "git.ws.internal";

/** What a workspace clones for a project whose bare repository is on the worker. */
export function localRepositoryUrl(project: string): string {
  return `https://${LOCAL_GIT_HOST}/${project}.git`;
}

/** Of one that says nothing of its type, every type's references are. */
function isOf({ workflowType: own, bareRepoDir }: Project, workflowType: string): boolean {
  return (own ?? (bareRepoDir === undefined ? workflowType : "git")) === workflowType;
}
