import { WsError } from "../errors.ts";
import type { PullRequestInfo } from "../pull-request-info.ts";
import { excerpt } from "../names.ts";
import { nearest } from "../nearest.ts";
import type { Clock } from "../ports.ts";
import { type Change, type ChangeState, parseProjectName, type Project } from "./project.ts";
import type { ChangeStore } from "./stores.ts";

/** The changes of a worker's projects. */
export interface Changes {
  /** In alphabetical order of project and name; of one project where it is named. */
  list(project?: string): Change[];
  /**
   * By `name` or `project/name`. Throws `change_not_found` with the nearest name, and `reference_invalid` where several projects have one of this
   * name.
   */
  get(name: string): Change;
  /** As `get`, without the failure of one that is not there. */
  find(name: string): Change | undefined;
  /** Records one, or changes what is given of one that is there. Throws `project_not_found`, `illegal_transition`. */
  put(change: ChangeInput): Change;
  /** Throws `change_not_found`. */
  remove(name: string): void;
  /** All of a project. */
  forget(project: string): void;
}

export interface ChangeInput {
  name: string;
  project: string;
  branch?: string;
  description?: string;
  state?: ChangeState;
  pullRequest?: PullRequestInfo;
}

export function createChanges(options: {
  store: ChangeStore;
  clock: Pick<Clock, "now">;
  /** Throws where there is none. */
  project: (name: string) => Project;
}): Changes {
  const { store, clock, project: requireProject } = options;

  function find(name: string): Change | undefined {
    const all = store.list();
    const found = all.filter((change) => change.name === name || `${change.project}/${change.name}` === name);
    if (found.length <= 1) return found[0];
    throw new WsError("reference_invalid", {
      message: `'${name}' is a change of several projects: ${found.map(({ project }) => project).join(", ")}.`,
      next: `Say which one, such as '${found[0]?.project}/${name}'.`,
      data: { reference: name },
    });
  }

  function get(name: string): Change {
    const found = find(name);
    if (found !== undefined) return found;
    const meant = nearest(
      name,
      store.list().map((change) => change.name),
    );
    throw new WsError("change_not_found", {
      message: `There is no change '${excerpt(name)}'.`,
      next: meant === undefined ? "See them all: ws change list." : `Did you mean '${meant}'?`,
      data: { change: excerpt(name) },
    });
  }

  return {
    list: (project) => store.list().filter((change) => project === undefined || change.project === project),
    get,
    find,
    put({ name, project, ...given }) {
      parseProjectName(name);
      requireProject(project);
      const before = store.list().find((change) => change.project === project && change.name === name);
      const now = clock.now();
      const change: Change = {
        branch: name,
        description: "",
        state: "draft",
        createdAt: now,
        ...before,
        ...given,
        name,
        project,
        updatedAt: now,
      };
      requireTransition(before?.state, change.state);
      store.put(change);
      return change;
    },
    remove(name) {
      const { project, name: own } = get(name);
      store.remove(project, own);
    },
    forget(project) {
      for (const change of store.list()) if (change.project === project) store.remove(project, change.name);
    },
  };
}

/** What was submitted is in the target, and stays so. */
function requireTransition(from: ChangeState | undefined, to: ChangeState): void {
  if (from !== "submitted" || to === "submitted") return;
  throw new WsError("illegal_transition", {
    message: `A change that was submitted cannot become '${to}'.`,
    next: "Record the further work as a change of its own.",
    data: { from, to },
  });
}
