import { type Call, notFound, Refusal } from "../replies.ts";
import type { Account, PullRequest, Repository } from "../state.ts";

/** The repository of a request, where its caller may see it. */
export function repositoryOf(call: Call, access: "read" | "write" = "read"): Repository {
  const fullName = `${call.params["owner"]}/${call.params["repo"]}`.toLowerCase();
  const found = call.state.repositories.find((one) => namesOf(one).includes(fullName));
  if (found === undefined || !sees(call, found)) throw notFound();
  if (namesOf(found)[0] !== fullName) throw moved(call, found);
  if (access === "write") {
    if (call.caller === undefined) throw new Refusal(401, "Requires authentication");
    if (!writes(call, found)) throw new Refusal(403, "Resource not accessible by integration");
  }
  return found;
}

export function sees(call: Pick<Call, "caller">, repository: Repository): boolean {
  return !repository.private || writes(call, repository);
}

/** Whether a caller may push there. */
export function writes({ caller }: Pick<Call, "caller">, repository: Repository): boolean {
  if (caller === undefined) return false;
  if (caller.kind === "user") {
    return repository.owner.id === caller.account.id || repository.collaborators.includes(caller.account.login);
  }
  return reaches(caller, repository);
}

/** Whether an installation's token is for this repository too. */
export function reaches(
  { installation, repositories }: Extract<Call["caller"], { kind: "installation" }>,
  repository: Repository,
): boolean {
  const installed =
    installation.account.id === repository.owner.id && (installation.selected?.includes(repository.name) ?? true);
  return installed && (repositories?.includes(repository.id) ?? true);
}

function namesOf(repository: Repository): string[] {
  return [`${repository.owner.login}/${repository.name}`, ...repository.formerNames].map((name) => name.toLowerCase());
}

function moved(call: Call, repository: Repository): Refusal {
  const refusal = new Refusal(301, "Moved Permanently");
  const url = `${call.api}/repositories/${repository.id}`;
  refusal.reply.body = { message: "Moved Permanently", url, documentation_url: "https://docs.github.com/rest" };
  refusal.reply.headers = { location: url };
  return refusal;
}

export function pullOf(call: Call, repository: Repository): PullRequest {
  const number = Number(call.params["pull_number"] ?? call.params["issue_number"]);
  const found = repository.pulls.find((pull) => pull.number === number);
  if (found === undefined) throw notFound();
  return found;
}

/** Who does what is asked for; an app acts as its bot. */
export function actorOf(call: Call): Account {
  const { caller } = call;
  if (caller === undefined) throw new Refusal(401, "Requires authentication");
  if (caller.kind === "user") return caller.account;
  return call.state.account(`${caller.installation.app.slug}[bot]`, "Bot");
}
