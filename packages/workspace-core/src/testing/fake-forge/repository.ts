import type { TokenSecret } from "../../credentials.ts";
import { WsError } from "../../errors.ts";
import type { AskSecret, ForgeRepository } from "../../forge.ts";
import type { PullRequestInfo } from "../../pull-request-info.ts";
import type { Clock } from "../../ports.ts";
import type { Door } from "./door.ts";
import type { HeldPullRequest, HeldRepository } from "./held.ts";
import { openPullRequest, refused, requestReviewers, stateOfChecks } from "./rules.ts";

export interface RepositoryOptions {
  url: string;
  fullName: string;
  ask: AskSecret;
  door: Door;
  clock: Clock;
  /** Undefined where there is none that this secret may see. */
  held(secret: TokenSecret | undefined): HeldRepository | undefined;
}

/** One repository of the fake forge, as the port shows it. */
export function fakeRepository(options: RepositoryOptions): ForgeRepository {
  const { url, fullName, ask, door, clock } = options;

  function within<T>(
    signal: AbortSignal | undefined,
    access: "read" | "write",
    work: (held: HeldRepository) => T,
  ): Promise<T> {
    return door.enter(ask, signal, (secret) => {
      const held = options.held(secret);
      if (held === undefined) {
        throw new WsError("repository_not_found", { message: `Repository not found: '${url}'.`, data: { url } });
      }
      if (access === "write" && secret === undefined) {
        throw new WsError("authentication_failed", { message: `Authentication failed for '${url}'.`, data: { url } });
      }
      return work(held);
    });
  }

  return {
    fullName,
    defaultBranch: (signal) => within(signal, "read", (held) => held.defaultBranch),
    branchExists: (branch, signal) => within(signal, "read", (held) => held.branches.has(branch)),
    branches: (prefix, signal) =>
      within(signal, "read", (held) => [...held.branches.keys()].filter((name) => name.startsWith(prefix)).sort()),
    deleteBranch: (branch, signal) => within(signal, "write", (held) => void held.branches.delete(branch)),
    findPullRequest: (branch, signal) =>
      within(signal, "read", (held) => {
        const found = openOf(held, branch);
        return found && infoOf(held, found);
      }),
    createPullRequest: (request, signal) =>
      within(signal, "write", (held) => {
        const existing = openOf(held, request.sourceBranch);
        if (existing !== undefined) return infoOf(held, existing);
        const made = openPullRequest(held, request, clock.now());
        door.created();
        return infoOf(held, made);
      }),
    updatePullRequest: (number, change, signal) =>
      within(signal, "write", (held) => {
        const found = byNumber(held, number);
        const { state, ...text } = change;
        if (state !== undefined && found.state === "merged") {
          throw refused(found.sourceBranch, `it is merged and cannot be ${state}`);
        }
        if (text.draft === true && !held.drafts) {
          throw refused(found.sourceBranch, "the repository takes no drafts");
        }
        Object.assign(found, text, state === undefined ? {} : { state });
        return infoOf(held, found);
      }),
    pullRequest: (number, signal) => within(signal, "read", (held) => infoOf(held, byNumber(held, number))),
    mergePullRequest: (number, _options, signal) =>
      within(signal, "write", (held) => {
        const found = byNumber(held, number);
        if (found.state !== "merged") {
          if (found.state === "closed" || found.draft || held.branches.get(found.sourceBranch)?.conflicts === true) {
            throw refused(found.sourceBranch, "it cannot be merged");
          }
          Object.assign(found, { state: "merged", mergedAt: clock.now() });
        }
        return infoOf(held, found);
      }),
    addLabels: (number, labels, signal) =>
      within(signal, "write", (held) => {
        const found = byNumber(held, number);
        found.labels = [...new Set([...found.labels, ...labels])];
        for (const label of labels) held.labels.add(label);
      }),
    requestReviewers: (number, reviewers, signal) =>
      within(signal, "write", (held) => requestReviewers(held, byNumber(held, number), reviewers)),
    checks: (ref, signal) =>
      within(signal, "read", (held) => {
        const branch = held.branches.get(ref);
        if (branch !== undefined)
          return { state: stateOfChecks(branch.checks), checks: structuredClone(branch.checks) };
        throw new WsError("branch_not_found", {
          message: `Branch not found: '${ref}' is not in '${url}'.`,
          data: { url, branch: ref },
        });
      }),
    comments: (number, signal) =>
      within(signal, "read", (held) => {
        byNumber(held, number);
        return structuredClone(held.comments.get(number) ?? []).sort((a, b) => a.createdAt - b.createdAt);
      }),
  };
}

function openOf(held: HeldRepository, branch: string): HeldPullRequest | undefined {
  return held.pullRequests.find((one) => one.state === "open" && !one.fork && one.sourceBranch === branch);
}

function byNumber(held: HeldRepository, number: number): HeldPullRequest {
  const found = held.pullRequests.find((one) => one.number === number);
  if (found !== undefined) return found;
  throw new WsError("pull_request_not_found", {
    message: `There is no pull request ${number} in '${held.url}'.`,
    data: { number },
  });
}

function infoOf(held: HeldRepository, one: HeldPullRequest): PullRequestInfo {
  const { number, state, sourceBranch, targetBranch, title, draft, createdAt, mergedAt } = one;
  const info = {
    number,
    url: `${held.url}/pull/${number}`,
    state,
    sourceBranch,
    targetBranch,
    title,
    draft,
    createdAt,
  };
  return mergedAt === undefined ? info : { ...info, mergedAt };
}
