import type { GitServer } from "../git-server.ts";
import { callerOf } from "./door.ts";
import { openPull } from "./open-pull.ts";
import { pushCommit } from "./push-commit.ts";
import { gitRefs, memoryRefs } from "./refs.ts";
import { writes } from "./routes/lookup.ts";
import { fullNameOf } from "./shapes/repository.ts";
import type { Check, PullRequest, Remark, Repository, Review, State } from "./state.ts";

export interface GitHubRepositoryOptions {
  private?: boolean;
  description?: string;
  /** Whether it takes drafts; it does by default. */
  drafts?: boolean;
  /** Logins that reach it and can be asked for a review. */
  collaborators?: readonly string[];
  teams?: readonly string[];
  /** Without, there are branches and nothing in them: for many repositories at once. */
  git?: boolean;
}

/** A repository, and what other people and programs do with it. */
export interface GitHubRepository {
  readonly fullName: string;
  readonly id: number;
  /** Without `.git`. */
  readonly url: string;
  /** The bare repository; absent where it has none. */
  readonly path: string | undefined;
  readonly pulls: readonly PullRequest[];
  /** Commits a file to a branch, which is made from the default one where it is not there. */
  push(branch: string, file?: { path?: string; content?: string }): Promise<void>;
  branch(name: string): Promise<void>;
  openFromFork(branch: string): void;
  review(number: number, review: { author: string; state: Review["state"]; body?: string }): void;
  comment(number: number, comment: { author: string; body: string; path?: string; line?: number }): void;
  check(branch: string, check: Pick<Check, "kind" | "name" | "state">): Promise<void>;
  rename(fullName: string): void;
}

export async function addRepository(
  server: { state: State; git: GitServer; site: string },
  fullName: string,
  options: GitHubRepositoryOptions,
): Promise<GitHubRepository> {
  const { state, git, site } = server;
  const [login = "", name = ""] = fullName.split("/");
  const defaultBranch = "main";
  const at = state.instant();
  const repository: Repository = {
    id: state.nextId(),
    owner: state.account(login, "Organization"),
    name,
    description: options.description ?? "",
    private: options.private ?? false,
    defaultBranch,
    drafts: options.drafts ?? true,
    collaborators: [...(options.collaborators ?? [])],
    teams: [...(options.teams ?? [])],
    createdAt: at,
    updatedAt: at,
    refs: memoryRefs(defaultBranch),
    labels: new Map(),
    pulls: [],
    checks: [],
    formerNames: [],
  };
  const lets = (password: string): boolean => writes({ caller: callerOf(password, state) }, repository);
  const served =
    options.git === false
      ? undefined
      : await git.create(fullName, { auth: (_user, password) => lets(password), anonymousReads: !repository.private });
  if (served !== undefined) repository.refs = gitRefs(served);
  state.repositories.push(repository);

  const pull = (number: number): PullRequest => {
    const found = repository.pulls.find((one) => one.number === number);
    if (found === undefined) throw new Error(`${fullName} has no pull request ${number}.`);
    return found;
  };

  return {
    fullName,
    id: repository.id,
    url: `${site}/${fullName}`,
    path: served?.path,
    pulls: repository.pulls,
    async push(branch, { path = `${branch.replaceAll("/", "-")}.txt`, content = `${branch}\n` } = {}) {
      if (served === undefined) throw new Error(`${fullName} has no git repository.`);
      await pushCommit(served.path, { branch, base: defaultBranch, path, content });
      repository.updatedAt = state.instant();
    },
    async branch(name) {
      if (served === undefined) (await repository.refs.branches()).set(name, `${repository.id}`.padStart(40, "0"));
      else await served.git("branch", name, defaultBranch);
    },
    openFromFork(branch) {
      const fork = state.account("forker");
      openPull(state, repository, {
        author: fork,
        fork,
        title: "From a fork",
        body: "",
        head: branch,
        headSha: "f".repeat(40),
        base: defaultBranch,
        draft: false,
      });
    },
    review(number, { author, state: verdict, body = "" }) {
      const review = { id: state.nextId(), author: state.account(author), state: verdict, body };
      pull(number).reviews.push({ ...review, submittedAt: state.instant() });
    },
    comment(number, { author, body, path, line }) {
      const place = { ...(path === undefined ? {} : { path }), ...(line === undefined ? {} : { line }) };
      const remark: Remark = {
        id: state.nextId(),
        author: state.account(author),
        body,
        createdAt: state.instant(),
        ...place,
      };
      pull(number)[path === undefined ? "remarks" : "lineRemarks"].push(remark);
    },
    async check(branch, check) {
      const sha = (await repository.refs.branches()).get(branch);
      if (sha === undefined) throw new Error(`${fullName} has no branch ${branch}.`);
      repository.checks.push({ ...check, id: state.nextId(), sha, at: state.instant() });
    },
    rename(next) {
      const [owner = "", renamed = ""] = next.split("/");
      repository.formerNames.push(fullNameOf(repository));
      repository.owner = state.account(owner, "Organization");
      repository.name = renamed;
    },
  };
}
