import { existsSync, realpathSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import {
  type ChangeOf,
  defineProvider,
  isProjectName,
  knownProject,
  type Project,
  type ProviderContext,
  type ProviderHost,
  referencePattern,
  type ResolvedRef,
  resolvedProject,
  type Submitted,
  withCommitFormat,
  type WorkspaceProvider,
  WsError,
} from "@ws/workspace-core";
import { hg } from "./hg.ts";

const TYPE = "hg";

/** `#hg:NAME` and `#hg:/path`: Mercurial repositories below these directories, each with numbered shares beside it. */
export function createHgProvider(
  options: Pick<ProviderHost, "projects"> & { roots: readonly string[] },
): WorkspaceProvider {
  const { projects, roots } = options;
  const isOurs = (project: Project): boolean => project.workflowType === TYPE;

  function resolvePath(ref: string, { mayCreate }: ProviderContext): ResolvedRef {
    const directory = repositoryAt(ref, roots);
    const registered = projects.list().find((one) => isOurs(one) && one.workspaceDir === directory);
    if (registered !== undefined) return resolvedProject(projects, TYPE, registered);
    const name = basename(directory);
    if (!isProjectName(name)) throw notFound(ref);
    const project: Project = { name, workflowType: TYPE, workspaceDir: directory, defaultBranch: "default" };
    if (mayCreate) return resolvedProject(projects, TYPE, projects.add(project));
    const { projectFile: _none, ...resolved } = resolvedProject(projects, TYPE, project);
    return resolved;
  }

  return defineProvider({
    name: TYPE,
    getWorkflowMetadata: () => ({
      workflowType: TYPE,
      refPattern: referencePattern(TYPE),
      displayName: "Mercurial",
      preAllocatedEnvPrefix: "WS_HG",
      vcsFamily: "hg",
      vcsProviderName: "hg",
    }),
    detectWorkflowType: ({ workspaceDir }) =>
      workspaceDir !== undefined && existsSync(join(workspaceDir, ".hg")) ? TYPE : undefined,
    getChangeLabel: (project) => (isOurs(project) ? "CL" : undefined),
    getWorkspaceName(directory) {
      const project = projects.around(directory);
      return project !== undefined && isOurs(project) ? project.name : undefined;
    },
    resolveRef(ref, type, context) {
      if (type !== TYPE) return undefined;
      return knownProject(projects, TYPE, ref) ?? resolvePath(ref, context);
    },
    getWorkspaceDirectory({ workflowType, primaryWorkspaceDir }, number) {
      if (workflowType !== TYPE || primaryWorkspaceDir === undefined) return undefined;
      return number === 0 ? primaryWorkspaceDir : `${primaryWorkspaceDir}_${number}`;
    },
    submit: (of, signal) => (isOurs(of.project) ? push(of, signal) : undefined),
    formatCommitDescription: (description, format) =>
      format.workflowType === TYPE ? withCommitFormat(description, format) : undefined,
  });
}

/** The repository at a path below one of the roots; what lies elsewhere is not there. */
function repositoryAt(ref: string, roots: readonly string[]): string {
  const candidates = roots.flatMap((root) => {
    const path = resolve(root, ref);
    if (!existsSync(join(path, ".hg"))) return [];
    const [real, way] = [realpathSync(path), relative(realpathSync(root), realpathSync(path))];
    return way === "" || way === ".." || way.startsWith(`..${sep}`) ? [] : [real];
  });
  const [found] = candidates;
  if (found === undefined) throw notFound(ref);
  return found;
}

/** Pushes the change's bookmark to where the repository came from; what is there already is success. */
async function push({ change, project }: ChangeOf, signal?: AbortSignal): Promise<Submitted> {
  const { workspaceDir = "", defaultBranch = "default" } = project;
  const revision = `bookmark("literal:${change.branch.replace(/[\\"]/g, "\\$&")}")`;
  const known = await hg(workspaceDir, ["log", `--rev=${revision}`, "--template={node}"], signal);
  if (known.code !== 0) throw failed(change.name, `the bookmark '${change.branch}' is not there`);
  const pushed = await hg(workspaceDir, ["push", `--rev=${revision}`], signal);
  // 1 says that there was nothing left to push.
  if (pushed.code > 1) throw failed(change.name, pushed.stderr.trim().split("\n").at(-1) ?? "hg push failed");
  return { done: "pushed", target: defaultBranch, commit: known.stdout };
}

function failed(change: string, why: string): WsError<"submit_failed"> {
  return new WsError("submit_failed", {
    message: `The change '${change}' cannot be submitted: ${why}.`,
    next: "Put that right in its repository, then submit it again.",
    data: { change },
  });
}

function notFound(ref: string): WsError<"reference_not_found"> {
  return new WsError("reference_not_found", {
    message: `There is no Mercurial repository '${ref.slice(0, 80)}'.`,
    next: "Name the directory that it lies in with WS_HG_ROOTS.",
    data: { reference: ref.slice(0, 80) },
  });
}
