import { WsError } from "../../errors.ts";
import type { Checks, NewPullRequest } from "../../forge.ts";
import type { HeldPullRequest, HeldRepository } from "./held.ts";

/** Opens a pull request as a forge does, or refuses it for a forge's reasons. */
export function openPullRequest(held: HeldRepository, request: NewPullRequest, createdAt: number): HeldPullRequest {
  const { sourceBranch, targetBranch, title, body, draft } = request;
  const source = held.branches.get(sourceBranch);
  if (source === undefined) throw refused(sourceBranch, "the branch is not there");
  if (!held.branches.has(targetBranch)) throw refused(sourceBranch, `there is no branch '${targetBranch}'`);
  if (!source.ahead) throw refused(sourceBranch, `it has no commits that '${targetBranch}' lacks`);
  if (draft && !held.drafts) throw refused(sourceBranch, "the repository takes no drafts");
  const number = held.pullRequests.length + 1;
  const made: HeldPullRequest = {
    number,
    author: FAKE_LOGIN,
    title,
    body,
    sourceBranch,
    targetBranch,
    draft,
    state: "open",
    createdAt,
    labels: [],
    people: [],
    teams: [],
    fork: false,
  };
  held.pullRequests.push(made);
  return made;
}

/** Who opens pull requests of this worker at the fake forge. */
export const FAKE_LOGIN = "worker-bot";

/** Asks those who can be asked, then tells of the others. */
export function requestReviewers(
  held: HeldRepository,
  found: HeldPullRequest,
  { people, teams }: { people: readonly string[]; teams: readonly string[] },
): void {
  const able = (person: string): boolean => held.people.includes(person) && person !== found.author;
  const known = (team: string): boolean => held.teams.includes(team);
  found.people = [...new Set([...found.people, ...people.filter(able)])];
  found.teams = [...new Set([...found.teams, ...teams.filter(known)])];
  const left = [...people.filter((person) => !able(person)), ...teams.filter((team) => !known(team))];
  if (left.length === 0) return;
  const host = new URL(held.url).host;
  throw new WsError("forge_refused", {
    message: `${left.join(", ")} cannot review the pull request ${found.number}.`,
    data: { host, status: 422 },
  });
}

export function stateOfChecks(checks: Checks["checks"]): Checks["state"] {
  if (checks.some(({ state }) => state === "failure")) return "failure";
  if (checks.some(({ state }) => state === "pending")) return "pending";
  return checks.length === 0 ? "none" : "success";
}

export function refused(branch: string, why: string): WsError<"pull_request_refused"> {
  return new WsError("pull_request_refused", {
    message: `The pull request for '${branch}' is refused: ${why}.`,
    data: { branch },
  });
}
