import { WsError } from "../errors.ts";
import type { PullRequestInfo } from "../pull-request-info.ts";
import { excerpt } from "../names.ts";

/** A registered repository, as its file holds it. Paths are absolute, on the worker. */
export interface Project {
  name: string;
  /** The type of references to it; detected from the rest where absent. */
  workflowType?: string;
  /** What workspaces clone. */
  url?: string;
  /** The bare repository on the worker that workspaces reach through it. */
  bareRepoDir?: string;
  /** The worker's own directory with it. */
  workspaceDir?: string;
  /** Where changes go; the repository's default branch where absent. */
  defaultBranch?: string;
  /** Most numbered workspaces at once. */
  maxWorkspaces?: number;
  /** How a change is submitted; its provider decides where absent. */
  submit?: SubmitMode;
  /** What every commit's description begins and ends with. */
  commit?: { prefix?: string; tags?: Readonly<Record<string, string>> };
}

export type SubmitMode = "merge" | "push" | "pull_request";
export type ChangeState = "draft" | "review" | "submitted" | "abandoned";

/** Work on a branch of a project that is to be submitted. */
export interface Change {
  name: string;
  project: string;
  branch: string;
  description: string;
  state: ChangeState;
  pullRequest?: PullRequestInfo;
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?$/;

/** Whether a project or a change may be called this: also as a file's name on every system. */
export function isProjectName(text: string): boolean {
  return NAME.test(text);
}

/** Returns the name unchanged. Throws `invalid_input` with this field. */
export function parseProjectName(name: string, field: "name" | "project" | "change" = "name"): string {
  if (isProjectName(name)) return name;
  throw new WsError("invalid_input", {
    message: `'${excerpt(name)}' is not a name: use up to 100 letters, digits, '-', '_' and inner '.'.`,
    next: "Try a name such as 'my-tool'.",
    data: { field },
  });
}
