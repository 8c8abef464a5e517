import { readFile } from "node:fs/promises";
import { schemaUrl } from "@ws/github-description";
import { buildSchema, graphql, type GraphQLSchema } from "graphql";
import { type Call, Refusal, type Reply } from "./replies.ts";
import { pullRoutes } from "./routes/pulls.ts";
import { actorOf, repositoryOf } from "./routes/lookup.ts";
import { nodeId } from "./shapes/accounts.ts";
import { fullNameOf } from "./shapes/repository.ts";
import type { Account, Check, PullRequest, Repository } from "./state.ts";

let loaded: Promise<GraphQLSchema> | undefined;

/** Answers queries by GitHub's own schema, as far as `gh` asks for pull requests. */
export async function answerQuery(call: Call): Promise<Reply> {
  if (call.caller === undefined) throw new Refusal(401, "Bad credentials");
  const { query, variables } = call.body as { query: string; variables?: Record<string, unknown> };
  const schema = await (loaded ??= readSchema());
  const found = await graphql({ schema, source: query, rootValue: root(call), variableValues: variables });
  return { status: 200, body: found };
}

async function readSchema(): Promise<GraphQLSchema> {
  return buildSchema(await readFile(new URL(schemaUrl), "utf8"), { assumeValid: true });
}

function root(call: Call): object {
  return {
    viewer: call.caller?.kind === "user" ? actor(call, call.caller.account) : { __typename: "User", login: "app" },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      try {
        return repository(call, repositoryOf({ ...call, params: { owner, repo: name } }));
      } catch {
        return null;
      }
    },
    node: async ({ id }: { id: string }) => {
      const { of, pull } = found(call, id);
      return pullRequest(call, of, pull);
    },
    addComment: async ({ input }: Input) => {
      const { pull } = found(call, input["subjectId"]);
      const id = call.state.nextId();
      pull.remarks.push({ id, author: actorOf(call), body: String(input["body"]), createdAt: call.state.instant() });
      return { commentEdge: { node: { id: nodeId("IC", id), url: `${call.site}/comment-${id}` } } };
    },
    updatePullRequest: async ({ input }: Input) => {
      const { of, pull } = found(call, input["pullRequestId"]);
      if (typeof input["title"] === "string") pull.title = input["title"];
      if (typeof input["body"] === "string") pull.body = input["body"];
      return { pullRequest: await pullRequest(call, of, pull) };
    },
    convertPullRequestToDraft: async ({ input }: Input) => {
      const { of, pull } = found(call, input["pullRequestId"]);
      if (!of.drafts) throw new Error("Draft pull requests are not supported in this repository.");
      pull.draft = true;
      return { pullRequest: await pullRequest(call, of, pull) };
    },
    markPullRequestReadyForReview: async ({ input }: Input) => {
      const { of, pull } = found(call, input["pullRequestId"]);
      pull.draft = false;
      return { pullRequest: await pullRequest(call, of, pull) };
    },
    createPullRequest: async ({ input }: Input) => {
      const into = call.state.repositories.find(({ id }) => nodeId("R", id) === input["repositoryId"]);
      if (into === undefined) throw new Error("Could not resolve to a node with the global id.");
      const { title, body, draft, headRefName: head, baseRefName: base } = input;
      const params = { owner: into.owner.login, repo: into.name };
      const route = pullRoutes["POST /repos/{owner}/{repo}/pulls"];
      await route?.({ ...call, params, body: { title, body, draft, head, base } });
      const made = into.pulls.at(-1);
      return { pullRequest: made && (await pullRequest(call, into, made)) };
    },
  };
}

interface Input {
  input: Record<string, unknown>;
}

function found(call: Call, id: unknown): { of: Repository; pull: PullRequest } {
  for (const of of call.state.repositories) {
    const pull = of.pulls.find((one) => nodeId("PR", one.id) === id);
    if (pull !== undefined) return { of, pull };
  }
  throw new Error("Could not resolve to a node with the global id.");
}

function repository(call: Call, of: Repository): object {
  return {
    id: nodeId("R", of.id),
    name: of.name,
    nameWithOwner: fullNameOf(of),
    description: of.description,
    url: `${call.site}/${fullNameOf(of)}`,
    owner: actor(call, of.owner),
    defaultBranchRef: { name: of.defaultBranch },
    isPrivate: of.private,
    viewerPermission: "WRITE",
    hasIssuesEnabled: true,
    hasWikiEnabled: false,
    mergeCommitAllowed: true,
    rebaseMergeAllowed: true,
    squashMergeAllowed: true,
    parent: null,
    tempCloneToken: "a-token-that-clones",
    pullRequest: async ({ number }: { number: number }) => {
      const found = of.pulls.find((pull) => pull.number === number);
      if (found === undefined) throw new Error(`Could not resolve to a PullRequest with the number of ${number}.`);
      return pullRequest(call, of, found);
    },
    pullRequests: async ({ states, headRefName }: { states?: string[]; headRefName?: string }) =>
      list(
        await Promise.all(
          of.pulls
            .filter((pull) => (states ?? [stateOf(pull)]).includes(stateOf(pull)))
            .filter(({ head }) => head === (headRefName ?? head))
            .map((pull) => pullRequest(call, of, pull)),
        ),
      ),
  };
}

async function pullRequest(call: Call, of: Repository, pull: PullRequest): Promise<object> {
  const sha = (await of.refs.branches()).get(pull.head) ?? pull.headSha;
  const contexts = of.checks.filter((check) => check.sha === sha).map(context);
  return {
    __typename: "PullRequest",
    id: nodeId("PR", pull.id),
    baseRepository: { nameWithOwner: fullNameOf(of) },
    number: pull.number,
    url: `${call.site}/${fullNameOf(of)}/pull/${pull.number}`,
    title: pull.title,
    body: pull.body,
    state: stateOf(pull),
    isDraft: pull.draft,
    isCrossRepository: pull.fork !== undefined,
    createdAt: pull.createdAt,
    headRefName: pull.head,
    baseRefName: pull.base,
    maintainerCanModify: false,
    mergeable: "MERGEABLE",
    additions: 1,
    deletions: 0,
    author: actor(call, pull.author),
    headRepositoryOwner: actor(call, pull.fork ?? of.owner),
    headRepository: { id: nodeId("R", of.id), name: of.name },
    commits: list([{ commit: { statusCheckRollup: contexts.length === 0 ? null : { contexts: list(contexts) } } }]),
    labels: list(pull.labels.map((name) => ({ id: name, name, color: "ededed" }))),
    assignees: list([]),
    projectCards: list([]),
    projectItems: list([]),
    reviews: list(
      pull.reviews.map(({ id, author, state, body, submittedAt }) => ({
        id: nodeId("PRR", id),
        author: actor(call, author),
        state,
        body,
        submittedAt,
        authorAssociation: "MEMBER",
        commit: { oid: sha },
        reactionGroups: [],
      })),
    ),
    comments: list([]),
    reviewRequests: list(pull.people.map((account) => ({ requestedReviewer: actor(call, account) }))),
    reactionGroups: [],
  };
}

function context(check: Check): object {
  const of = {
    name: check.name,
    context: check.name,
    startedAt: check.at,
    completedAt: check.at,
    createdAt: check.at,
    isRequired: false,
  };
  if (check.kind === "status") return { ...of, __typename: "StatusContext", state: check.state.toUpperCase() };
  const isDone = check.state !== "pending";
  return {
    ...of,
    __typename: "CheckRun",
    status: isDone ? "COMPLETED" : "IN_PROGRESS",
    conclusion: isDone ? check.state.toUpperCase() : null,
    checkSuite: { workflowRun: null },
  };
}

function actor(call: Call, { id, login, type }: Account): object {
  return { __typename: type, id: nodeId("U", id), login, name: login, url: `${call.site}/${login}` };
}

function list(nodes: readonly object[]): object {
  return { nodes, totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null } };
}

function stateOf(pull: PullRequest): string {
  return pull.mergedAt === undefined ? pull.state.toUpperCase() : "MERGED";
}
