import type { PullRequest, Repository, State } from "./state.ts";

type Asked = Pick<PullRequest, "author" | "title" | "body" | "head" | "headSha" | "base" | "draft" | "fork">;

/** The repository's next pull request, with nothing said of it yet. */
export function openPull(state: State, repository: Repository, asked: Asked): PullRequest {
  const at = state.instant();
  const pull: PullRequest = {
    ...asked,
    id: state.nextId(),
    number: repository.pulls.length + 1,
    state: "open",
    createdAt: at,
    updatedAt: at,
    labels: [],
    people: [],
    teams: [],
    reviews: [],
    lineRemarks: [],
    remarks: [],
  };
  repository.pulls.push(pull);
  return pull;
}
