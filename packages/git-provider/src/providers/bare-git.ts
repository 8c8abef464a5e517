import { realpath } from "node:fs/promises";
import { basename, isAbsolute, join } from "node:path";
import {
  defineProvider,
  excerpt,
  isProjectName,
  knownProject,
  nearest,
  type Project,
  type ProviderContext,
  type ProviderHost,
  referencePattern,
  type ResolvedRef,
  resolvedProject,
  WsError,
  withCommitFormat,
  type WorkspaceProvider,
} from "@ws/workspace-core";
import { type Identity, initRepository, isBareRepository, submitToBare } from "./bare-repositories.ts";
import { expandPath } from "./cd.ts";
import { createLocalGit } from "./local-git.ts";
import { unusualSetting } from "./repository-config.ts";
import { insideRoots } from "./roots.ts";
import { titleOf } from "./titles.ts";

const TYPE = "git";

export interface BareGitOptions extends Pick<ProviderHost, "projects" | "home"> {
  /** Where new repositories are made. */
  directory: string;
  /** Further directories whose bare repositories may be used. */
  roots: () => readonly string[];
  /** What lies below is the workspaces' own, and never used: whoever can write a repository has git run programs. */
  workspaces: string;
  /** Whose commit a merge is; undefined where nobody has said. */
  identity: () => Identity | undefined;
  /** The worker's PATH. */
  path: string;
}

/**
 * `#git:REF`, bare repositories of the worker: a registered project, a change of one, a path, or a new name, which makes a
 * repository with a first commit and registers it.
 */
export function createBareGitProvider(options: BareGitOptions): WorkspaceProvider {
  const { projects, home, directory, workspaces, identity, path } = options;
  const git = createLocalGit({ path });
  const isOurs = (project: Project): boolean => (project.workflowType ?? detect(project)) === TYPE;
  const detect = (project: Project): string | undefined => (project.bareRepoDir === undefined ? undefined : TYPE);

  function ofProject(project: Project): ResolvedRef {
    return resolvedProject(projects, TYPE, project);
  }

  async function firstUse(ref: string, context: ProviderContext): Promise<ResolvedRef> {
    // Nobody calls a new project so: it is the path of a repository that was meant.
    if (ref.endsWith(".git")) {
      throw new WsError("reference_not_found", {
        message: `There is no repository '${excerpt(ref)}'.`,
        next: `Write its path with a slash, such as #git:./${excerpt(ref)}; a new repository is made by its name alone, without '.git'.`,
        data: { reference: excerpt(ref) },
      });
    }
    const name = ref;
    if (!isProjectName(name)) throw invalid(ref, "is neither a name nor the path of a repository");
    const other = projects.find(name);
    if (other !== undefined) {
      const type = other.workflowType ?? "gh";
      throw invalid(ref, `is a project of another provider; write #${type}:${name}`);
    }
    if (!context.mayCreate) {
      const meant = nearest(
        name,
        projects.list().map((project) => project.name),
      );
      throw new WsError("reference_not_found", {
        message: `There is no project '${excerpt(name)}' yet.`,
        next: `${meant === undefined ? "" : `Did you mean '${meant}'? `}Its first use makes it, with a repository of its own.`,
        data: { reference: excerpt(name), ...(meant === undefined ? {} : { nearest: meant }) },
      });
    }
    // Told before anything is made that a project could not be made of.
    const twin = projects.list().find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (twin !== undefined) throw invalid(ref, `differs only by case from the project '${twin.name}'`);
    const place = join(directory, `${name}.git`);
    await initRepository(git, place, name, context.signal);
    const bareRepoDir = await realpath(place);
    return ofProject(register({ name, workflowType: TYPE, bareRepoDir, defaultBranch: "main" }));
  }

  async function ofPath(ref: string, context: ProviderContext): Promise<ResolvedRef> {
    const wanted = expandPath(ref, home, context.cwd);
    const bareRepoDir = await insideRoots(wanted, { roots: [directory, ...options.roots()], except: workspaces }, ref);
    const registered = projects.list().find((project) => project.bareRepoDir === bareRepoDir);
    if (registered !== undefined) return ofProject(registered);
    if (!(await isBareRepository(git, bareRepoDir, context.signal))) throw invalid(ref, "is no bare git repository");
    const setting = await unusualSetting(git, bareRepoDir, context.signal);
    if (setting !== undefined) throw invalid(ref, `brings '${setting}', with which it is not used`);
    const name = basename(bareRepoDir).replace(/\.git$/, "");
    if (!isProjectName(name)) throw invalid(ref, "has a last part that cannot name a project");
    const project: Project = { name, workflowType: TYPE, bareRepoDir };
    if (context.mayCreate) return ofProject(register(project));
    const { projectFile: _none, ...resolved } = ofProject(project);
    return resolved;
  }

  /** Two first uses at once register one project. */
  function register(project: Project): Project {
    const there = projects.find(project.name);
    return there?.bareRepoDir === project.bareRepoDir && there !== undefined ? there : projects.add(project);
  }

  return defineProvider({
    name: TYPE,
    getWorkflowMetadata: () => ({
      workflowType: TYPE,
      refPattern: referencePattern(TYPE),
      displayName: "Git (bare)",
      preAllocatedEnvPrefix: "WS_GIT",
      vcsFamily: "git",
      vcsProviderName: "bare_git",
    }),
    detectWorkflowType: detect,
    getChangeLabel: (project) => (isOurs(project) ? "change" : undefined),
    getWorkspaceName(place) {
      const project = projects.around(place);
      return project !== undefined && isOurs(project) ? project.name : undefined;
    },
    resolveRef(ref, type, context) {
      if (type !== TYPE) return undefined;
      const known = knownProject(projects, TYPE, ref.replace(/\.git$/, ""));
      if (known !== undefined) return known;
      return isPath(ref) ? ofPath(ref, context) : firstUse(ref, context);
    },
    async submit(of, signal) {
      const { project, change } = of;
      if (!isOurs(project) || project.bareRepoDir === undefined) return undefined;
      const mode = of.mode ?? project.submit ?? "merge";
      if (mode === "pull_request") {
        throw new WsError("submit_failed", {
          message: `The change '${change.name}' cannot become a pull request: '${project.name}' is a repository of the worker, which has none.`,
          next: "Submit it as a merge or a push.",
          data: { change: change.name },
        });
      }
      return submitToBare(git, project.bareRepoDir, of, {
        mode,
        identity,
        ...(signal === undefined ? {} : { signal }),
      });
    },
    prepareMail({ change, project }) {
      if (!isOurs(project)) return undefined;
      return { label: "change", title: titleOf(change), description: change.description };
    },
    formatCommitDescription: (description, format) =>
      format.workflowType === TYPE ? withCommitFormat(description, format) : undefined,
  });
}

function isPath(ref: string): boolean {
  return ref.includes("/") || ref === "." || ref === ".." || ref.startsWith("~") || isAbsolute(ref);
}

function invalid(ref: string, why: string): WsError<"reference_invalid"> {
  return new WsError("reference_invalid", {
    message: `'${excerpt(ref)}' ${why}.`,
    next: "Use the name of a project, a new name, or the path of a bare repository.",
    data: { reference: excerpt(ref) },
  });
}
