import { expect, test } from "vitest";
import { GH_QUERIES } from "../testing/github/gh-queries.ts";
import { readGraphCall } from "./graph.ts";

const NAMED = "repository(owner: $owner, name: $name)";
const variables = { owner: "octo-org", name: "app" };
const inRepository = (selection: string) => `query($owner: String!, $name: String!) { ${NAMED} { ${selection} } }`;

test.each(Object.entries(GH_QUERIES))("takes gh's own %s, about the repository that it names", (name, body) => {
  const call = readGraphCall(body);
  const isNamed = "owner" in (body.variables ?? {});
  const named = isNamed ? [{ owner: "octo-org", repo: "next.js" }] : [];
  expect(call.repositories).toEqual(named);
  const { subjectId, pullRequestId = subjectId } = (body.variables as { input?: Record<string, string> })?.input ?? {};
  expect(call.changes).toBe(pullRequestId);
  expect(call.creates).toEqual(name === "PullRequestCreate" ? { repositoryId: "R_1", head: "work" } : undefined);
});

test("reads the repository from literals and from defaults too", () => {
  const literal = 'query { repository(owner: "octo-org", name: "app") { id } }';
  expect(readGraphCall({ query: literal }).repositories).toEqual([{ owner: "octo-org", repo: "app" }]);
  const defaulted =
    'query($owner: String = "octo-org", $name: String!) { repository(owner: $owner, name: $name) { id } }';
  expect(readGraphCall({ query: defaulted, variables: { name: "app" } }).repositories[0]?.owner).toBe("octo-org");
});

test("names every repository of a query, also behind other names and in fragments", () => {
  const query = `query { a: repository(owner: "octo-org", name: "app") { id } ...rest }
    fragment rest on Query { b: repository(owner: "octo-org", name: "secret") { id } }`;
  expect(readGraphCall({ query }).repositories.map(({ repo }) => repo)).toEqual(["app", "secret"]);
});

test("sends what it read and not what came", () => {
  const call = readGraphCall({ query: `# hidden\n${inRepository("id # too\n")}`, variables, operationName: "x" });
  expect(call.query).not.toContain("hidden");
  expect(call.query).toContain("repository(owner: $owner, name: $name)");
  expect(call.variables).toEqual(variables);
});

test.each([
  [
    "another's repositories through an author",
    inRepository("pullRequests { nodes { author { ... on User { repositories { nodes { name } } } } } }"),
  ],
  [
    "a repository through its owner",
    inRepository('owner { ... on Organization { repository(name: "secret") { id } } }'),
  ],
  [
    "pull requests of an author",
    inRepository("pullRequest(number: 1) { author { ... on User { pullRequests { nodes { body } } } } }"),
  ],
  ["an organisation of a person", inRepository('owner { ... on User { organization(login: "x") { email } } }')],
  ["a token that clones", inRepository("tempCloneToken")],
  ["a token under another name", inRepository("id: tempCloneToken")],
  ["files", inRepository('object(expression: "main:.env") { ... on Blob { text } }')],
  [
    "a fork's pull requests",
    inRepository("pullRequest(number: 1) { headRepository { pullRequests { nodes { id } } } }"),
  ],
  ["what it was forked from", inRepository("parent { pullRequests { nodes { body } } }")],
  ["secrets by fragment", `${inRepository("...x")} fragment x on Repository { tempCloneToken }`],
  [
    "secrets by fragments in fragments",
    `${inRepository("...x")} fragment x on Repository { ...y } fragment y on Repository { ...on Repository { tempCloneToken } }`,
  ],
  [
    "files of a place by its id",
    'query { node(id: "R_2") { ... on Repository { object(expression: "HEAD:x") { id } } } }',
  ],
  ["two places by their ids", 'query { a: node(id: "PR_1") { id } b: node(id: "PR_2") { id } }'],
  ["everything of the viewer", "query { viewer { repositories { nodes { name } } } }"],
  ["a search", 'query { search(query: "x", type: REPOSITORY, first: 1) { nodes { ... on Repository { name } } } }'],
  ["an organisation", 'query { organization(login: "octo-org") { repositories { nodes { name } } } }'],
  ["a merge", 'mutation { mergePullRequest(input: { pullRequestId: "x" }) { pullRequest { id } } }'],
  ["a deletion", 'mutation { deleteRef(input: { refId: "x" }) { clientMutationId } }'],
  [
    "a commit",
    "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { url } } }",
  ],
  ["a fragment that contains itself", `${inRepository("...x")} fragment x on Repository { ...x }`],
  ["a fragment twice", `${inRepository("...x")} fragment x on Repository { id } fragment x on Repository { name }`],
  ["two operations", "query a { viewer { login } } query b { viewer { login } }"],
  ["a subscription", "subscription { viewer { login } }"],
  ["a directive", "query { viewer { login @custom } }"],
  ["an argument twice", 'query { repository(owner: "octo-org", owner: "evil", name: "app") { id } }'],
  ["a schema", "type Query { a: String } query { viewer { login } }"],
  ["nothing", ""],
  ["no GraphQL", "{{{"],
  ["a name of every object", inRepository("constructor")],
  ["a prototype", inRepository("__proto__")],
])("refuses %s", (_, query) => {
  expect(() => readGraphCall({ query, variables })).toThrow(/Workspace does not lead this query of gh/);
});

test("tells of a search first, and what to use instead", () => {
  const query = `query PullRequestStatus($owner: String!, $name: String!, $mine: String!) {
    repository(owner: $owner, name: $name) { tempCloneToken }
    viewerCreated: search(query: $mine, type: ISSUE, first: 10) { totalCount }
  }`;
  expect(() => readGraphCall({ query, variables: { ...variables, mine: "is:pr author:@me" } })).toThrow(
    /it searches the whole forge, as 'gh pr status' does, .* use 'gh pr list' and 'gh pr view'/,
  );
});

test.each([[undefined], [{}], [{ query: 1 }], [[]], ["query"]])("refuses %j for a body", (body) => {
  expect(() => readGraphCall(body)).toThrow(/it is no query/);
});

test.each([
  [
    "two of them",
    "mutation($input: X!) { a: createPullRequest(input: $input) { pullRequest { id } } b: createPullRequest(input: $input) { pullRequest { id } } }",
  ],
  [
    "one without a variable",
    'mutation { createPullRequest(input: { repositoryId: "R_1", headRefName: "work" }) { pullRequest { id } } }',
  ],
  [
    "one that shows more",
    "mutation($input: X!) { createPullRequest(input: $input) { pullRequest { author { login } } } }",
  ],
])("refuses to open pull requests by %s", (_, query) => {
  expect(() => readGraphCall({ query, variables: GH_QUERIES["PullRequestCreate"]?.variables })).toThrow(
    /does not lead/,
  );
});

test("refuses what is too much, without reading it to its end", () => {
  const wide = Array.from({ length: 3_000 }, (_, at) => `a${at}: id`).join(" ");
  expect(() => readGraphCall({ query: inRepository(wide), variables })).toThrow(/does not lead/);
  const names = Array.from({ length: 24 }, (_, at) => `f${at}`);
  const bomb = names.map(
    (name, at) => `fragment ${name} on Repository { ...${names[at + 1] ?? "z"} ...${names[at + 1] ?? "z"} }`,
  );
  const query = `${inRepository("...f0")} ${bomb.join(" ")} fragment z on Repository { id }`;
  expect(() => readGraphCall({ query, variables })).toThrow(/asks for too much/);
});
