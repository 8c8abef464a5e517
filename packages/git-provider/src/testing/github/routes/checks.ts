import { type Call, paged, Refusal, type Routes } from "../replies.ts";
import { checkRunShape, combinedStatusShape } from "../shapes/checks.ts";
import { fullNameOf } from "../shapes/repository.ts";
import type { Repository } from "../state.ts";
import { repositoryOf } from "./lookup.ts";

export const checkRoutes: Routes = {
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": async (call) => {
    const repository = repositoryOf(call);
    const sha = await commitOf(call, repository);
    const runs = repository.checks.filter((check) => check.kind === "run" && check.sha === sha);
    const path = `/repos/${fullNameOf(repository)}/commits/${sha}/check-runs`;
    return paged(call, path, runs, (page) => ({
      total_count: runs.length,
      check_runs: page.map((check) => checkRunShape(call, repository, check)),
    }));
  },

  "GET /repos/{owner}/{repo}/commits/{ref}/status": async (call) => {
    const repository = repositoryOf(call);
    const sha = await commitOf(call, repository);
    const statuses = repository.checks.filter((check) => check.kind === "status" && check.sha === sha);
    const path = `/repos/${fullNameOf(repository)}/commits/${sha}/status`;
    return paged(call, path, statuses, (page) => combinedStatusShape(call, repository, sha, statuses, page));
  },
};

async function commitOf({ params }: Call, repository: Repository): Promise<string> {
  const ref = params["ref"] ?? "";
  const branches = await repository.refs.branches();
  const sha = /^[0-9a-f]{40}$/.test(ref) ? ref : branches.get(ref.replace(/^heads\//, ""));
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}
