import {
  type Access,
  type AskSecret,
  type ChangeOf,
  defineProvider,
  excerpt,
  type Forge,
  type ForgeRepository,
  isProjectName,
  knownProject,
  type Project,
  type ProviderContext,
  type ProviderHost,
  type PullRequestInfo,
  referencePattern,
  repositoryKeyOf,
  type ResolvedRef,
  resolvedProject,
  type ReviewRequest,
  WsError,
  withCommitFormat,
  type WorkspaceProvider,
} from "@ws/workspace-core";
import { isFullName, parsePullRequestUrl, type PullRequestUrl } from "../forges/pull-request-url.ts";
import { formatAuthority, parseAuthority } from "../hosts.ts";
import { bodyOf, titleOf } from "./titles.ts";

const TYPE = "gh";

export interface GitHubOptions extends Pick<ProviderHost, "projects"> {
  /** GitHub's own site and the Enterprise servers of this worker. */
  forges: readonly Forge[];
  /** What the worker shows the forge for a repository. */
  secret: (url: string, access: Access) => AskSecret;
  /** The host of `org/repo` without one. */
  host?: string;
}

/** `#gh:REF`, repositories on GitHub and on Enterprise hosts: `org/repo`, `host/org/repo`, a registered project, or a change of one. */
export function createGitHubProvider(options: GitHubOptions): WorkspaceProvider {
  const { projects, forges, secret, host: defaultHost = "github.com" } = options;
  const forgeOf = (url: string | undefined): Forge | undefined =>
    url === undefined ? undefined : forges.find((forge) => forge.serves(url));
  const detect = ({ url }: Project): string | undefined => (forgeOf(url) === undefined ? undefined : TYPE);
  const isOurs = (project: Project): boolean => (project.workflowType ?? detect(project)) === TYPE;
  const changeLabel = forges[0]?.changeLabel ?? "PR";

  function open(url: string, access: Access): ForgeRepository {
    const forge = forgeOf(url);
    if (forge !== undefined) return forge.open(url, secret(url, access));
    throw new WsError("forge_unknown", {
      message: `The server of '${url}' is not known as a GitHub.`,
      next: "Where it is an Enterprise server, name it: ws config set github.servers https://HOST.",
      data: { url },
    });
  }

  async function ofRepository(ref: string, context: ProviderContext): Promise<ResolvedRef> {
    const { url, owner, repo } = parseRepository(ref, defaultHost);
    const key = repositoryKeyOf(url);
    const registered = (): Project | undefined =>
      projects.list().find((one) => one.url !== undefined && isSame(one.url, key) && isOurs(one));
    if (registered() === undefined && context.mayCreate) await requireFound(url, context.signal);
    // Another caller may have registered it meanwhile.
    const known = registered();
    if (known !== undefined) return resolvedProject(projects, TYPE, known);
    const name = [repo, `${owner}-${repo}`].find((one) => isProjectName(one) && projects.find(one) === undefined);
    if (name === undefined) throw invalid(ref, "has no name under which it could be registered; use 'ws project add'");
    const project: Project = { name, workflowType: TYPE, url };
    if (context.mayCreate) return resolvedProject(projects, TYPE, projects.add(project));
    const { projectFile: _none, ...resolved } = resolvedProject(projects, TYPE, project);
    return resolved;
  }

  /** What nobody has is not registered: it would be one's project for good. A server that no forge is known of is not asked. */
  async function requireFound(url: string, signal: AbortSignal | undefined): Promise<void> {
    await forgeOf(url)?.open(url, secret(url, "read")).defaultBranch(signal);
  }

  /** The change's open pull request, or the one it had; made where it has none. */
  async function pullRequestOf(of: ChangeOf, draft: boolean, signal?: AbortSignal): Promise<PullRequestInfo> {
    const { change, project } = of;
    const repository = open(project.url ?? "", "write");
    const known =
      change.pullRequest === undefined ? undefined : await repository.pullRequest(change.pullRequest.number, signal);
    if (known !== undefined && known.state !== "closed") return known;
    const found = await repository.findPullRequest(change.branch, signal);
    if (found !== undefined) return found;
    const targetBranch = project.defaultBranch ?? (await repository.defaultBranch(signal));
    const request = { sourceBranch: change.branch, targetBranch, title: titleOf(change), body: bodyOf(change), draft };
    return repository.createPullRequest(request, signal);
  }

  async function prepare(of: ChangeOf, request: ReviewRequest, signal?: AbortSignal) {
    const { change, project } = of;
    const { draft = false, labels = [], reviewers = [], teams = [] } = request;
    const repository = open(project.url ?? "", "write");
    const found = await pullRequestOf(of, draft, signal);
    const title = titleOf(change);
    const pullRequest =
      found.state === "open" && found.title !== title
        ? await repository.updatePullRequest(found.number, { title, body: bodyOf(change) }, signal)
        : found;
    if (labels.length > 0) await repository.addLabels(found.number, labels, signal);
    if (reviewers.length + teams.length > 0) {
      await repository.requestReviewers(found.number, { people: reviewers, teams }, signal);
    }
    const { description } = change;
    return { label: changeLabel, title, description, url: pullRequest.url, pullRequest };
  }

  /** Of a pull request's URL; undefined for one that is not here. */
  function pullRequestAt(url: string): PullRequestUrl | undefined {
    const found = parsePullRequestUrl(url);
    return forgeOf(found?.repository) === undefined ? undefined : found;
  }

  return defineProvider({
    name: TYPE,
    getWorkflowMetadata: () => ({
      workflowType: TYPE,
      refPattern: referencePattern(TYPE),
      displayName: "GitHub",
      preAllocatedEnvPrefix: "WS_GH",
      vcsFamily: "git",
      vcsProviderName: "github",
    }),
    // By the host of its URL: a checkout from another forge is not GitHub's because it is git's.
    detectWorkflowType: detect,
    getChangeLabel: (project) => (isOurs(project) ? changeLabel : undefined),
    getWorkspaceName(place) {
      const project = projects.around(place);
      return project !== undefined && isOurs(project) ? project.name : undefined;
    },
    resolveRef(ref, type, context) {
      if (type !== TYPE) return undefined;
      return knownProject(projects, TYPE, ref) ?? ofRepository(ref, context);
    },
    async submit(of, signal) {
      const { change, project } = of;
      if (!isOurs(project) || project.url === undefined) return undefined;
      const mode = of.mode ?? project.submit ?? "pull_request";
      if (mode === "push") throw notPushed(of);
      const pullRequest = await pullRequestOf(of, false, signal);
      if (mode === "pull_request") return { done: "pull_request", pullRequest };
      of.opened?.(pullRequest);
      const merged = await open(project.url, "write")
        .mergePullRequest(pullRequest.number, { method: "merge" }, signal)
        .catch((error: unknown) => {
          throw submitFailed(change.name, error);
        });
      return { done: "merged", target: merged.targetBranch };
    },
    async prepareMail(of, request, signal) {
      if (!isOurs(of.project) || of.project.url === undefined) return undefined;
      return prepare(of, request, signal);
    },
    extractChangeIdentifier(url) {
      const found = pullRequestAt(url);
      return found === undefined ? undefined : { label: changeLabel, identifier: String(found.number) };
    },
    supportsReviewerComments: (url) => (pullRequestAt(url) === undefined ? undefined : true),
    generateReviewerComments(url) {
      const found = pullRequestAt(url);
      if (found === undefined) return undefined;
      return (signal) => open(found.repository, "read").comments(found.number, signal);
    },
    generateSubmittedCheck(url) {
      const found = pullRequestAt(url);
      if (found === undefined) return undefined;
      return async (signal) =>
        (await open(found.repository, "read").pullRequest(found.number, signal)).state === "merged";
    },
    formatCommitDescription: (description, format) =>
      format.workflowType === TYPE ? withCommitFormat(description, format) : undefined,
  });
}

/** `org/repo` or `host/org/repo`. Throws `reference_invalid`. */
function parseRepository(ref: string, defaultHost: string): { url: string; owner: string; repo: string } {
  const parts = ref.replace(/\/+$/, "").split("/");
  const [place, owner = "", last = ""] = parts.length === 2 ? [defaultHost, ...parts] : parts;
  const repo = last.replace(/\.git$/, "");
  const authority = parseAuthority(place ?? "", 443);
  const isPlain = /^[A-Za-z0-9]/.test(owner) && isFullName(owner, repo);
  if (parts.length < 2 || parts.length > 3 || authority === undefined || !isPlain) {
    throw parts.length === 1
      ? new WsError("reference_not_found", {
          message: `There is no project and no change '${excerpt(ref)}'.`,
          next: "Write #gh:org/repo, or see what there is: ws project list.",
          data: { reference: excerpt(ref) },
        })
      : invalid(ref, "is neither org/repo nor host/org/repo");
  }
  return { url: `https://${formatAuthority(authority)}/${owner}/${repo}`, owner, repo };
}

function isSame(url: string, key: string): boolean {
  // Forges tell neither owners nor repositories apart by case.
  return isParsable(url) && repositoryKeyOf(url).toLowerCase() === key.toLowerCase();
}

function isParsable(url: string): boolean {
  try {
    repositoryKeyOf(url);
    return true;
  } catch {
    return false;
  }
}

function notPushed({ change, project }: ChangeOf): WsError<"submit_failed"> {
  return new WsError("submit_failed", {
    message: `The change '${change.name}' cannot be submitted by a push: '${project.name}' takes changes as pull requests.`,
    next: "Submit it as a pull request or a merge.",
    data: { change: change.name },
  });
}

/** Why the forge does not merge is what the change's owner has to know; what else it meets keeps its own code. */
function submitFailed(change: string, error: unknown): unknown {
  if (!(error instanceof WsError) || error.code !== "pull_request_refused") return error;
  return new WsError("submit_failed", {
    message: error.message,
    data: { change },
    cause: error,
    ...(error.next === undefined ? {} : { next: error.next }),
  });
}

function invalid(ref: string, why: string): WsError<"reference_invalid"> {
  return new WsError("reference_invalid", {
    message: `'${excerpt(ref)}' ${why}.`,
    next: "Write #gh:org/repo, #gh:host/org/repo or #gh:PROJECT.",
    data: { reference: excerpt(ref) },
  });
}
