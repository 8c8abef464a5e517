import type { ReviewComment } from "./forge.ts";
import type { PullRequestInfo } from "./pull-request-info.ts";
import type { Log } from "./ports.ts";
import type { Change, Project, SubmitMode } from "./projects/project.ts";
import type { Projects } from "./projects/projects.ts";

/** What a provider declares of the one workflow type it supports. */
export interface WorkflowMetadata {
  /** The word in `#type:ref`: `gh`. */
  workflowType: string;
  /** Source of a regular expression (flag `u`) that finds `#type:ref` and `#type(ref)`; see `referencePattern`. */
  refPattern: string;
  /** For people: `GitHub`. */
  displayName: string;
  /** What the variables of a pre-allocated workspace begin with: `WS_GH`. */
  preAllocatedEnvPrefix: string;
  /** `git`, `hg`; empty where there is no version control. */
  vcsFamily: string;
  /** `github`, `bare_git`; empty where there is no version control. */
  vcsProviderName: string;
}

/** What a reference leads to. */
export interface ResolvedRef {
  workflowType: string;
  projectName: string;
  /** The project's file; absent where it is no project, as of `#cd:`. */
  projectFile?: string;
  /** The worker's own directory with it: of `#cd:` the directory itself, of a project where one is registered. */
  primaryWorkspaceDir?: string;
  /** What a workspace clones; absent where there is nothing to clone. */
  cloneUrl?: string;
  /** Branch or revision to check out; the repository's default where absent. */
  checkoutTarget?: string;
  /** Whether numbered workspaces are handed out for it. */
  allocates: boolean;
  extra: Readonly<Record<string, string>>;
}

/** Who asks, and from where. */
export interface ProviderContext {
  /** The directory that relative paths start from; absent for a caller on another machine. */
  cwd?: string;
  /** Whether the caller may name any directory of the worker. */
  mayUseHost: boolean;
  /** Whether a first use may make something; otherwise it is told what there is. */
  mayCreate: boolean;
  signal?: AbortSignal;
}

/** A change with the project it is of. */
export interface ChangeOf {
  change: Change;
  project: Project;
  /** How it is to be submitted; the project says where absent, and its provider where that says nothing. */
  mode?: SubmitMode;
  /** Told of the change's pull request before it is merged, so that whoever is cut off meanwhile finds it again. */
  opened?: (pullRequest: PullRequestInfo) => void;
}

export type Submitted =
  | { done: "merged" | "pushed"; target: string; commit?: string }
  | { done: "pull_request"; pullRequest: PullRequestInfo };

/** A change as it is before people who review. */
export interface PreparedReview {
  label: string;
  title: string;
  description: string;
  url?: string;
  pullRequest?: PullRequestInfo;
}

export interface ReviewRequest {
  draft?: boolean;
  labels?: readonly string[];
  /** Names of people, and of teams without their organisation. */
  reviewers?: readonly string[];
  teams?: readonly string[];
}

export interface CommitFormat {
  project?: Project;
  workflowType: string;
  /** What the commit is about, and what it puts right. */
  bug?: string;
  fixedBug?: string;
}

/** The numbered workspace of a launch; number 0 is that of a launch that waits. */
export interface AllocatedWorkspace {
  number: number;
  directory?: string;
}

/** A hook's answer; undefined leaves it to the next provider. */
export type Answer<T> = T | undefined | Promise<T | undefined>;

/**
 * A plugin for one kind of place to work in. Metadata is collected from all providers; of every other hook the first
 * answer holds. Hooks give data and functions, never scripts.
 */
export interface WorkspaceProvider {
  /** How failures name it. */
  readonly name: string;
  getWorkflowMetadata(): WorkflowMetadata | undefined;
  /** The workflow type of a project that does not say its own. */
  detectWorkflowType(project: Project): Answer<string>;
  /** What people call a change there: `PR`. */
  getChangeLabel(project: Project): Answer<string>;
  /** The project that a directory of the worker belongs to. */
  getWorkspaceName(directory: string): Answer<string>;
  /** Throws `reference_invalid`, `reference_not_found`, `forbidden`. */
  resolveRef(ref: string, workflowType: string, context: ProviderContext): Answer<ResolvedRef>;
  /** Further variables of a launch. */
  setupWorkflow(resolved: ResolvedRef, workspace: AllocatedWorkspace): Answer<Record<string, string>>;
  /** Where a project's workspace of this number is, or is to be. */
  getWorkspaceDirectory(resolved: ResolvedRef, number: number): Answer<string>;
  /** Brings a change to where it belongs. Throws `submit_failed`, `no_version_control`. */
  submit(change: ChangeOf, signal?: AbortSignal): Answer<Submitted>;
  /** Brings a change before its reviewers; repeating is safe. */
  prepareMail(change: ChangeOf, request: ReviewRequest, signal?: AbortSignal): Answer<PreparedReview>;
  /** From a change's URL. */
  extractChangeIdentifier(url: string): Answer<{ label: string; identifier: string }>;
  supportsReviewerComments(url: string): Answer<boolean>;
  /** What reads the reviewers' comments on the change with this URL. */
  generateReviewerComments(url: string): Answer<(signal?: AbortSignal) => Promise<readonly ReviewComment[]>>;
  /** What tells whether the change with this URL has been submitted. */
  generateSubmittedCheck(url: string): Answer<(signal?: AbortSignal) => Promise<boolean>>;
  /** The description with the project's prefix and tags; repeating changes nothing. */
  formatCommitDescription(description: string, format: CommitFormat): Answer<string>;
}

/** What a provider is built on. The default export of a provider's package is a `CreateProvider`. */
export interface ProviderHost {
  projects: Projects;
  log: Log;
  /** Of the worker's user. */
  home: string;
}
export type CreateProvider = (host: ProviderHost) => WorkspaceProvider | Promise<WorkspaceProvider>;

/** A provider from the hooks that it has; the others leave the answer to whoever comes next. */
export function defineProvider(hooks: Partial<WorkspaceProvider> & Pick<WorkspaceProvider, "name">): WorkspaceProvider {
  const silent = (): undefined => undefined;
  return {
    getWorkflowMetadata: silent,
    detectWorkflowType: silent,
    getChangeLabel: silent,
    getWorkspaceName: silent,
    resolveRef: silent,
    setupWorkflow: silent,
    getWorkspaceDirectory: silent,
    submit: silent,
    prepareMail: silent,
    extractChangeIdentifier: silent,
    supportsReviewerComments: silent,
    generateReviewerComments: silent,
    generateSubmittedCheck: silent,
    formatCommitDescription: silent,
    ...hooks,
  };
}
