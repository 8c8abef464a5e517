import { notFound, paged, Refusal, type Call, type Routes } from "../replies.ts";
import { fullNameOf, repositoryShape, wholeRepositoryShape } from "../shapes/repository.ts";
import { nodeId } from "../shapes/accounts.ts";
import { reaches, repositoryOf, sees } from "./lookup.ts";

export const repositoryRoutes: Routes = {
  "GET /repos/{owner}/{repo}": (call) => ({ status: 200, body: wholeRepositoryShape(call, repositoryOf(call)) }),

  // Where redirects of renamed repositories lead.
  "GET /repositories/{id}": (call) => {
    const found = call.state.repositories.find(({ id }) => String(id) === call.params["id"]);
    if (found === undefined || !sees(call, found)) throw notFound();
    return { status: 200, body: wholeRepositoryShape(call, found) };
  },

  "GET /repos/{owner}/{repo}/git/ref/{ref}": async (call) => {
    const repository = repositoryOf(call);
    const name = branchName(call);
    const sha = (await repository.refs.branches()).get(name);
    if (sha === undefined) throw notFound();
    return { status: 200, body: refShape(call, fullNameOf(repository), name, sha) };
  },

  "GET /repos/{owner}/{repo}/git/matching-refs/{ref}": async (call) => {
    const repository = repositoryOf(call);
    const prefix = branchName(call);
    const all = [...(await repository.refs.branches())].filter(([name]) => name.startsWith(prefix));
    const shapes = all.map(([name, sha]) => refShape(call, fullNameOf(repository), name, sha));
    return { status: 200, body: shapes };
  },

  "DELETE /repos/{owner}/{repo}/git/refs/{ref}": async (call) => {
    const repository = repositoryOf(call, "write");
    const name = branchName(call);
    if (!(await repository.refs.branches()).has(name)) throw new Refusal(422, "Reference does not exist");
    await repository.refs.remove(name);
    return { status: 204 };
  },

  "GET /user/repos": (call) => {
    if (call.caller?.kind !== "user") throw new Refusal(403, "Resource not accessible by integration");
    const { account } = call.caller;
    const mine = call.state.repositories
      .filter((one) => one.owner.id === account.id || one.collaborators.includes(account.login))
      .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    return paged(call, "/user/repos", mine, (page) => page.map((one) => repositoryShape(call, one)));
  },

  "GET /installation/repositories": (call) => {
    const { caller } = call;
    if (caller?.kind !== "installation")
      throw new Refusal(403, "You must authenticate with an installation access token");
    const reached = call.state.repositories.filter((one) => reaches(caller, one));
    return paged(call, "/installation/repositories", reached, (page) => ({
      total_count: reached.length,
      repository_selection: caller.repositories === undefined ? "all" : "selected",
      repositories: page.map((one) => repositoryShape(call, one)),
    }));
  },
};

function branchName({ params }: Call): string {
  const name = /^heads\/(.*)$/.exec(params["ref"] ?? "")?.[1];
  if (name === undefined) throw notFound();
  return name;
}

function refShape({ api }: Call, fullName: string, branch: string, sha: string) {
  const url = `${api}/repos/${fullName}/git`;
  return {
    ref: `refs/heads/${branch}`,
    node_id: nodeId("REF", 1),
    url: `${url}/refs/heads/${encodeURIComponent(branch)}`,
    object: { type: "commit", sha, url: `${url}/commits/${sha}` },
  };
}
