import { afterAll, beforeAll, expect, test } from "vitest";
import { forgeAt, secretOf, installed } from "../testing/github/forge-subject.ts";
import { type GitHubServer, startGitHubServer } from "../testing/github/server.ts";

let server: GitHubServer;
beforeAll(async () => {
  server = await startGitHubServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const NEW = { title: "t", body: "", sourceBranch: "work", targetBranch: "main", draft: false };

test("shows every one of 230 repositories, to a person and to an app", async () => {
  const { forge } = forgeAt(server);
  for (let index = 0; index < 230; index++) {
    await server.repository(`many-org/repository-${index}`, { git: false, private: true, collaborators: ["person"] });
  }
  await server.repository("other-org/secret", { git: false, private: true });
  const person = secretOf(server, server.token("person"));
  const app = secretOf(server, (await installed(server, "many-org")).token, { id: "app", type: "github_app" });
  for (const secret of [person, app]) {
    const seen = new Set<string>();
    for (let page = 1, hasMore = true; hasMore; page++) {
      const found = await forge.repositories(async () => secret, { page, perPage: 50 });
      for (const { fullName } of found.repositories) seen.add(fullName);
      hasMore = found.hasMore;
    }
    expect([seen.size, seen.has("other-org/secret")]).toEqual([230, false]);
    const found = await forge.repositories(async () => secret, { search: "repository-229", page: 1, perPage: 5 });
    expect(found).toMatchObject({ hasMore: false, repositories: [{ fullName: "many-org/repository-229" }] });
  }
});

test("another secret under the same name reaches what it reaches itself, and nothing that the one before did", async () => {
  const { forge } = forgeAt(server);
  for (const login of ["first", "second"]) {
    await server.repository(`named-org/of-${login}`, { git: false, private: true, collaborators: [login] });
  }
  const reached = async (login: string): Promise<string[]> => {
    const secret = secretOf(server, server.token(login), { id: "work" });
    const found = await forge.repositories(async () => secret, { search: "named-org", page: 1, perPage: 5 });
    return found.repositories.map(({ fullName }) => fullName);
  };
  expect(await reached("first")).toEqual(["named-org/of-first"]);
  expect(await reached("second")).toEqual(["named-org/of-second"]);
});

test("reads the pages of a talkative pull request, its labels and its checks to their end", async () => {
  const { forge } = forgeAt(server);
  const repository = await server.repository("octo-org/talk", { git: false, collaborators: ["person"] });
  await repository.branch("work");
  const opened = forge.open(repository.url, async () => secretOf(server, server.token("person")));
  const { number } = await opened.createPullRequest(NEW);
  for (let index = 0; index < 105; index++) {
    repository.comment(number, { author: "a", body: `whole ${index}` });
    repository.comment(number, { author: "a", body: `line ${index}`, path: "f", line: 1 });
    repository.review(number, { author: "b", state: "COMMENTED", body: `review ${index}` });
    await repository.check("work", { kind: "run", name: `run ${index}`, state: "success" });
    await repository.check("work", { kind: "status", name: `status ${index}`, state: "success" });
  }
  await repository.check("work", { kind: "status", name: "last", state: "failure" });
  const comments = await opened.comments(number);
  expect(comments).toHaveLength(315);
  expect(comments.at(-1)?.body).toBe("review 104");
  const checks = await opened.checks("work");
  expect([checks.state, checks.checks.length]).toEqual(["failure", 211]);
  await opened.addLabels(
    number,
    Array.from({ length: 120 }, (_, index) => `label ${index}`),
  );
  expect(repository.pulls[0]?.labels).toHaveLength(120);
});

test("finds a branch's own pull request behind a hundred of forks", async () => {
  const { forge } = forgeAt(server);
  const repository = await server.repository("octo-org/forked", { git: false, collaborators: ["person"] });
  await repository.branch("work");
  const opened = forge.open(repository.url, async () => secretOf(server, server.token("person")));
  for (let index = 0; index < 130; index++) repository.openFromFork("work");
  expect(await opened.createPullRequest(NEW)).toMatchObject({ number: 131 });
  expect(await opened.findPullRequest("work")).toMatchObject({ number: 131 });
});

test("knows a renamed repository by its old URL, and its pull request too", async () => {
  const { forge } = forgeAt(server);
  const repository = await server.repository("octo-org/before", { git: false, collaborators: ["person"] });
  await repository.branch("work");
  const secret = async () => secretOf(server, server.token("person"));
  await forge.open(repository.url, secret).createPullRequest(NEW);
  repository.rename("new-org/after");
  const opened = forge.open(repository.url, secret);
  expect(await opened.createPullRequest(NEW)).toMatchObject({ number: 1, url: `${server.url}/new-org/after/pull/1` });
  expect(await opened.findPullRequest("work")).toMatchObject({ number: 1 });
});

test("keeps writes apart unless told otherwise, and does them", async () => {
  const { forge } = forgeAt(server, { spaced: true });
  const repository = await server.repository("octo-org/spaced", { git: false, collaborators: ["person"] });
  await repository.branch("work");
  const opened = forge.open(repository.url, async () => secretOf(server, server.token("person")));
  expect(await opened.createPullRequest(NEW)).toMatchObject({ number: 1 });
});

test("says whose certificate it does not trust", async () => {
  const { forge } = forgeAt(server, { ca: [] });
  const opened = forge.open(`${server.url}/octo-org/spaced`, async () => undefined);
  await expect(opened.defaultBranch()).rejects.toMatchObject({
    code: "forge_unreachable",
    message: expect.stringMatching(/certificate/),
  });
});
