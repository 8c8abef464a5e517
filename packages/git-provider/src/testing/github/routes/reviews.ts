import { type Call, paged, Refusal, type Reply, type Routes } from "../replies.ts";
import { labelShape, lineRemarkShape, pullRequestShape, remarkShape, reviewShape } from "../shapes/pull-request.ts";
import { fullNameOf } from "../shapes/repository.ts";
import type { PullRequest, Repository } from "../state.ts";
import { pullOf, repositoryOf } from "./lookup.ts";

export const reviewRoutes: Routes = {
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels": (call) => {
    const repository = repositoryOf(call, "write");
    const pull = pullOf(call, repository);
    for (const name of strings(call.body["labels"])) {
      // One that nobody made yet is made.
      if (!repository.labels.has(name)) repository.labels.set(name, call.state.nextId());
      if (!pull.labels.includes(name)) pull.labels.push(name);
    }
    return { status: 200, body: pull.labels.map((name) => labelShape(call, repository, name)) };
  },

  "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers": (call) => {
    const repository = repositoryOf(call, "write");
    const pull = pullOf(call, repository);
    const people = strings(call.body["reviewers"]);
    const teams = strings(call.body["team_reviewers"]);
    if (people.includes(pull.author.login)) {
      throw new Refusal(422, "Review cannot be requested from pull request author.");
    }
    const able =
      people.every((login) => repository.collaborators.includes(login)) &&
      teams.every((slug) => repository.teams.includes(slug));
    if (!able) {
      throw new Refusal(
        422,
        `Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the ${fullNameOf(repository)} repository.`,
      );
    }
    for (const login of people) {
      const account = call.state.account(login);
      if (!pull.people.includes(account)) pull.people.push(account);
    }
    for (const slug of teams) {
      const team = call.state.team(repository.owner.login, slug);
      if (!pull.teams.includes(team)) pull.teams.push(team);
    }
    return { status: 201, body: pullRequestShape(call, repository, pull) };
  },

  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews": (call) =>
    listed(call, "reviews", (repository, pull) => pull.reviews.map((one) => reviewShape(call, repository, pull, one))),

  "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments": (call) =>
    listed(call, "comments", (repository, pull) =>
      pull.lineRemarks.map((one) => lineRemarkShape(call, repository, pull, one)),
    ),

  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": (call) =>
    listed(call, "comments", (repository, pull) => pull.remarks.map((one) => remarkShape(call, repository, pull, one))),
};

function listed(call: Call, what: string, shapes: (repository: Repository, pull: PullRequest) => object[]): Reply {
  const repository = repositoryOf(call);
  const pull = pullOf(call, repository);
  const kind = call.params["pull_number"] === undefined ? "issues" : "pulls";
  const path = `/repos/${fullNameOf(repository)}/${kind}/${pull.number}/${what}`;
  return paged(call, path, shapes(repository, pull));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
