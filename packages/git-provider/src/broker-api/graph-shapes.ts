/** What may be selected at a place of a query, by the field's name: a leaf, or the shape of what is below it. */
export interface Shape {
  readonly [field: string]: Shape | true;
}

const leaves = (names: string): Shape => Object.fromEntries(names.split(" ").map((name) => [name, true]));
const list = (node: Shape): Shape => ({
  nodes: node,
  totalCount: true,
  pageInfo: leaves("hasNextPage hasPreviousPage endCursor startCursor"),
});

// People and organisations lead to everything that they own: of them only names.
const ACTOR = leaves("__typename id login name slug url isBot");
const REACTIONS: Shape = { content: true, users: leaves("totalCount") };
const FACTS: Shape = {
  ...leaves(
    "__typename id name nameWithOwner description url homepageUrl createdAt isPrivate isFork isArchived isInOrganization",
  ),
  ...leaves("hasIssuesEnabled hasWikiEnabled hasProjectsEnabled viewerPermission viewerCanAdminister"),
  ...leaves("mergeCommitAllowed rebaseMergeAllowed squashMergeAllowed deleteBranchOnMerge viewerDefaultMergeMethod"),
  owner: ACTOR,
  defaultBranchRef: leaves("name"),
};
const CHECKS: Shape = {
  ...leaves("state"),
  contexts: {
    ...list({
      ...leaves("__typename context state targetUrl createdAt description isRequired"),
      ...leaves("name status conclusion startedAt completedAt detailsUrl"),
      checkSuite: { workflowRun: { event: true, workflow: leaves("name") } },
    }),
    ...leaves("checkRunCount statusContextCount"),
    checkRunCountsByState: leaves("state count"),
    statusContextCountsByState: leaves("state count"),
  },
};
const COMMIT: Shape = {
  ...leaves("oid abbreviatedOid messageHeadline messageBody committedDate authoredDate"),
  authors: list({ ...leaves("name email"), user: ACTOR }),
  statusCheckRollup: CHECKS,
};

const REVIEWS: Shape = list({
  ...leaves("id body state url submittedAt authorAssociation"),
  author: ACTOR,
  commit: leaves("oid"),
  reactionGroups: REACTIONS,
});

const PULL_REQUEST: Shape = {
  ...leaves(
    "__typename id number url title state body isDraft isCrossRepository createdAt updatedAt closedAt mergedAt",
  ),
  ...leaves("additions deletions changedFiles baseRefName baseRefOid headRefName headRefOid maintainerCanModify"),
  ...leaves("mergeable mergeStateStatus reviewDecision closed merged locked fullDatabaseId viewerCanUpdate"),
  author: ACTOR,
  mergedBy: ACTOR,
  headRepositoryOwner: ACTOR,
  headRepository: leaves("id name nameWithOwner"),
  baseRef: { branchProtectionRule: leaves("requiresStrictStatusChecks requiredApprovingReviewCount") },
  mergeCommit: leaves("oid"),
  potentialMergeCommit: leaves("oid"),
  commits: list({ commit: COMMIT }),
  statusCheckRollup: CHECKS,
  files: list(leaves("path additions deletions changeType")),
  labels: list(leaves("id name description color")),
  assignees: list(ACTOR),
  milestone: leaves("number title description dueOn"),
  projectCards: list({ project: leaves("name"), column: leaves("name") }),
  projectItems: list({ id: true, project: leaves("id title") }),
  reactionGroups: REACTIONS,
  reviewRequests: list({ requestedReviewer: { ...ACTOR, organization: leaves("login") } }),
  latestReviews: REVIEWS,
  reviews: REVIEWS,
  comments: list({
    ...leaves(
      "id body url createdAt authorAssociation includesCreatedEdit isMinimized minimizedReason viewerDidAuthor",
    ),
    author: ACTOR,
    reactionGroups: REACTIONS,
  }),
  closingIssuesReferences: list(leaves("id number url")),
};
const TYPE: Shape = {
  ...leaves("name kind"),
  fields: { ...leaves("name"), args: leaves("name") },
  inputFields: leaves("name"),
  enumValues: leaves("name"),
};

/** What `gh` asks for when it shows, lists and opens pull requests. */
export const QUERY: Shape = {
  viewer: leaves("id login"),
  __type: TYPE,
  // By the id of a pull request alone.
  node: PULL_REQUEST,
  repository: {
    ...FACTS,
    // Where it was forked from may be another's: what it is called, and no more.
    parent: FACTS,
    pullRequest: PULL_REQUEST,
    pullRequests: list(PULL_REQUEST),
    branchProtectionRules: leaves("totalCount"),
    autoMergeAllowed: true,
    pullRequestTemplates: leaves("filename body"),
  },
};

const CHANGED: Shape = { ...leaves("__typename clientMutationId"), pullRequest: leaves("id number url isDraft state") };

/** Neither merges nor deletes, and nothing that another rule of the forge would have to stop. */
export const MUTATION: Shape = {
  createPullRequest: CHANGED,
  updatePullRequest: CHANGED,
  markPullRequestReadyForReview: CHANGED,
  convertPullRequestToDraft: CHANGED,
  closePullRequest: CHANGED,
  reopenPullRequest: CHANGED,
  addComment: { ...leaves("__typename clientMutationId"), commentEdge: { node: leaves("id url") } },
};

/** What may be said in each, and under which name it says whom it is about. */
export const INPUTS: Readonly<Record<string, { of: string; takes: readonly string[] }>> = {
  createPullRequest: {
    of: "repositoryId",
    takes: ["headRepositoryId", "headRefName", "baseRefName", "title", "body", "draft", "maintainerCanModify"],
  },
  updatePullRequest: { of: "pullRequestId", takes: ["title", "body", "baseRefName", "maintainerCanModify"] },
  markPullRequestReadyForReview: { of: "pullRequestId", takes: [] },
  convertPullRequestToDraft: { of: "pullRequestId", takes: [] },
  closePullRequest: { of: "pullRequestId", takes: [] },
  reopenPullRequest: { of: "pullRequestId", takes: [] },
  addComment: { of: "subjectId", takes: ["body"] },
};
