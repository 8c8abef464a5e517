import { WsError, isWsError } from "../errors.ts";
import { excerpt } from "../names.ts";
import { nearest } from "../nearest.ts";
import type { Clock } from "../ports.ts";
import { createChanges, type Changes } from "./changes.ts";
import { parseProjectName, type Project } from "./project.ts";
import type { ChangeStore, ProjectStore } from "./stores.ts";

/** The registered repositories of a worker. */
export interface Projects {
  /** In alphabetical order, without those whose file cannot be used. */
  list(): Project[];
  /** Why files cannot be used, each with file and line. */
  problems(): WsError[];
  /** Throws `project_not_found` with the nearest name, `config_invalid`. */
  get(name: string): Project;
  /** Throws `config_invalid`. */
  find(name: string): Project | undefined;
  /** Throws `project_exists`, also where only upper and lower case differ, and `invalid_input`. */
  add(project: Project): Project;
  /** Forgets it and its changes; no repository is touched. Throws `project_not_found`. */
  remove(name: string): void;
  file(name: string): string;
  /** The project whose directory on the worker this is or lies in. */
  around(directory: string): Project | undefined;
  readonly changes: Changes;
}

export interface ProjectsOptions {
  store: ProjectStore;
  changes: ChangeStore;
  clock: Pick<Clock, "now">;
}

export function createProjects({ store, changes: changeStore, clock }: ProjectsOptions): Projects {
  const changes = createChanges({ store: changeStore, clock, project: (name) => get(name) });

  function readAll(): { projects: Project[]; problems: WsError[] } {
    const projects: Project[] = [];
    const problems: WsError[] = [];
    for (const name of store.names()) {
      try {
        const project = store.read(name);
        if (project !== undefined) projects.push(project);
      } catch (error) {
        if (!isWsError(error, "config_invalid")) throw error;
        problems.push(error);
      }
    }
    return { projects, problems };
  }

  function get(name: string): Project {
    const found = store.names().includes(name) ? store.read(name) : undefined;
    if (found !== undefined) return found;
    const meant = nearest(name, store.names());
    throw new WsError("project_not_found", {
      message: `There is no project '${excerpt(name)}'.`,
      next: meant === undefined ? "See them all: ws project list." : `Did you mean '${meant}'?`,
      data: { project: excerpt(name) },
    });
  }

  return {
    list: () => readAll().projects,
    problems: () => readAll().problems,
    get,
    find: (name) => (store.names().includes(name) ? store.read(name) : undefined),
    add(project) {
      parseProjectName(project.name);
      requireSource(project);
      const twin = store.names().find((name) => name.toLowerCase() === project.name.toLowerCase());
      if (twin !== undefined) {
        throw new WsError("project_exists", {
          message: `A project named '${twin}' exists already.`,
          next: `Use another name, or 'ws project remove ${twin}' first.`,
          data: { project: twin },
        });
      }
      store.write(project);
      return project;
    },
    remove(name) {
      // One whose file cannot be used is removed like any other.
      if (!store.names().includes(name)) get(name);
      changes.forget(name);
      store.remove(name);
    },
    file: (name) => store.file(name),
    around(directory) {
      const within = ({ workspaceDir }: Project): boolean =>
        workspaceDir !== undefined && `${directory}/`.startsWith(`${workspaceDir.replace(/\/+$/, "")}/`);
      const depth = ({ workspaceDir = "" }: Project): number => workspaceDir.length;
      return readAll()
        .projects.filter(within)
        .sort((a, b) => depth(b) - depth(a))[0];
    },
    changes,
  };
}

function requireSource({ name, url, bareRepoDir, workspaceDir }: Project): void {
  if (url !== undefined || bareRepoDir !== undefined || workspaceDir !== undefined) return;
  throw new WsError("invalid_input", {
    message: `The project '${name}' has nothing to work on.`,
    next: "Give it a URL, a bare repository or a directory.",
    data: { field: "url" },
  });
}
