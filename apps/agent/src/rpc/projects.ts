import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ProjectInfo } from "@ws/rpc-contract";
import { excerpt, parseProjectName, type Project, WsError } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import { importProjects } from "../projects/import.ts";
import { contextOf } from "../providers/resolve.ts";
import { withoutAbsent } from "../without-absent.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function projectsRouter(guard: Guarded, services: Services) {
  const os = guard.projects;
  const { projects, registry, parseUrl } = services.providers;
  const show = ({ commit: _commit, ...project }: Project): ProjectInfo => ({
    ...project,
    file: projects.file(project.name),
  });

  return os.router({
    list: os.list.handler(() => ({
      projects: projects.list().map(show),
      problems: projects.problems().map(({ message }) => message),
    })),
    get: os.get.handler(({ input: { name } }) => show(projects.get(name))),
    add: os.add.handler(async ({ input, context }) => {
      const project: Project = withoutAbsent(input);
      requireMayName(context.caller, project);
      requireThere(project);
      const { url } = project;
      const checked = url === undefined ? project : { ...project, url: await parseUrl(url) };
      const workflowType = await (await registry()).detectWorkflowType(checked);
      return show(projects.add(workflowType === undefined ? checked : { ...checked, workflowType }));
    }),
    remove: os.remove.handler(({ input: { name } }) => {
      projects.remove(name);
      return { success: true };
    }),
    init: os.init.handler(async ({ input: { name }, context: { caller }, signal }) => {
      parseProjectName(name);
      const resolving = contextOf(caller, { signal, mayCreate: true });
      const { projectName } = await (await registry()).resolveRef({ ...asReference(name), form: "colon" }, resolving);
      // A change has the name, or another project's repository.
      if (projectName !== name) throw taken(name, projectName);
      return show(projects.get(projectName));
    }),
    import: os.import.handler(({ input: { directory } }) => importProjects(projects, directory)),
  });
}

function taken(name: string, project: string): WsError<"project_exists"> {
  return new WsError("project_exists", {
    message: `'${name}' is a change of the project '${project}' already.`,
    next: "Use another name.",
    data: { project },
  });
}

function asReference(name: string) {
  return { type: "git", ref: name, text: `#git:${name}`, start: 0 };
}

/** What the worker has on its disk is not for everybody to make reachable. */
function requireMayName(caller: Caller | undefined, { bareRepoDir, workspaceDir }: Project): void {
  if (caller?.scope === "admin" || (bareRepoDir === undefined && workspaceDir === undefined)) return;
  throw new WsError("forbidden", {
    message: "Directories of the worker are for its own user and for administrators to name.",
    next: "Give the project a URL, or make a repository: ws project init NAME.",
    data: { needs: "admin" },
  });
}

/** A mistake in a path is told now, and not when somebody works on the project. */
function requireThere({ bareRepoDir, workspaceDir }: Project): void {
  const wrong = [
    bareRepoDir === undefined || existsSync(join(bareRepoDir, "objects")) ? undefined : bareRepoDir,
    workspaceDir === undefined || existsSync(workspaceDir) ? undefined : workspaceDir,
  ].find((path) => path !== undefined);
  if (wrong === undefined) return;
  const what = wrong === bareRepoDir ? "bare git repository" : "directory";
  throw new WsError("not_a_directory", {
    message: `There is no ${what} at '${excerpt(wrong)}'.`,
    next: "Check the path; it is one on the worker.",
    data: { path: excerpt(wrong) },
  });
}
