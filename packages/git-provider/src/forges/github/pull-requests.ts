import {
  type ForgeRepository,
  isWsError,
  type NewPullRequest,
  type PullRequestInfo,
  throwIfAborted,
  WsError,
} from "@ws/workspace-core";
import { pause } from "./client.ts";
import type { Reach } from "./reach.ts";
import { isRefusedWith, pullRequestRefused, reasonFor } from "./refused.ts";
import { pullRequestInfo } from "./shapes.ts";
import { setDraft } from "./set-draft.ts";

type PullRequests = Pick<
  ForgeRepository,
  "findPullRequest" | "createPullRequest" | "updatePullRequest" | "pullRequest" | "mergePullRequest"
>;

const ATTEMPTS = 3;
/** What must not be done twice is never repeated unseen. */
const ONCE = { request: { retries: 0 } };

export function pullRequestsOf({ client, url, within, find }: Reach): PullRequests {
  const { clock } = client;

  const findPullRequest: PullRequests["findPullRequest"] = (branch, signal) =>
    within(signal, async (octokit, at) => {
      const found = await octokit.paginate(octokit.rest.pulls.list, {
        ...at,
        state: "open",
        head: `${at.owner}:${branch}`,
        sort: "created",
        direction: "asc",
        per_page: 100,
      });
      // The owner may have a fork of it too, and GitHub ignores a filter that it does not understand.
      const own = found.find(({ head, base }) => head.ref === branch && head.repo?.id === base.repo.id);
      return own && pullRequestInfo(own);
    });

  /** GitHub has said that there is one: its lists may be behind. */
  async function findSoon(branch: string, signal: AbortSignal | undefined): Promise<PullRequestInfo | undefined> {
    for (let attempt = 1; ; attempt++) {
      const found = await findPullRequest(branch, signal);
      if (found !== undefined || attempt === ATTEMPTS) return found;
      await pause(clock, attempt * 1_000, signal);
    }
  }

  async function createPullRequest(request: NewPullRequest, signal?: AbortSignal): Promise<PullRequestInfo> {
    const { sourceBranch: head, targetBranch: base, title, body, draft } = request;
    for (let attempt = 1; ; attempt++) {
      // Before every attempt: GitHub allows another with another base, and the last one's answer may have been lost.
      const existing = await findPullRequest(head, signal);
      if (existing !== undefined) return existing;
      try {
        return await within(signal, async (octokit, at) => {
          const { data } = await octokit.rest.pulls.create({ ...at, head, base, title, body, draft, ...ONCE });
          return pullRequestInfo(data);
        });
      } catch (error) {
        throwIfAborted(signal);
        if (isRefusedWith(error, 422)) {
          const isTwin = /already exists/i.test(reasonFor(error));
          const twin = isTwin ? await findSoon(head, signal) : undefined;
          if (twin !== undefined) return twin;
          throw pullRequestRefused(head, `The pull request for '${head}' into '${base}' of '${url}' is refused`, error);
        }
        if (!isWsError(error, "forge_unreachable") || attempt === ATTEMPTS) throw error;
        await pause(clock, attempt * 1_000, signal);
      }
    }
  }

  const pullRequest = (number: number, signal?: AbortSignal): Promise<PullRequestInfo> =>
    find(
      signal,
      async (octokit, at) => pullRequestInfo((await octokit.rest.pulls.get({ ...at, pull_number: number })).data),
      () => {
        throw pullRequestNotFound(url, number);
      },
    );

  return {
    findPullRequest,
    createPullRequest,
    pullRequest,
    updatePullRequest: (number, { targetBranch, draft, ...change }, signal) =>
      find(
        signal,
        async (octokit, at) => {
          const base = targetBranch === undefined ? {} : { base: targetBranch };
          const { data } = await octokit.rest.pulls.update({ ...at, pull_number: number, ...change, ...base });
          const info = pullRequestInfo(data);
          if (draft === undefined || draft === info.draft) return info;
          await setDraft(octokit, data.node_id, draft);
          return { ...info, draft };
        },
        () => {
          throw pullRequestNotFound(url, number);
        },
      ).catch((error: unknown) => {
        if (!isRefusedWith(error, 200, 422)) throw error;
        throw pullRequestRefused("", `The change of the pull request ${number} of '${url}' is refused`, error);
      }),
    async mergePullRequest(number, { method }, signal) {
      const before = await pullRequest(number, signal);
      if (before.state === "merged") return before;
      try {
        await within(signal, (octokit, at) =>
          octokit.rest.pulls.merge({ ...at, pull_number: number, merge_method: method, ...ONCE }),
        );
      } catch (error) {
        throwIfAborted(signal);
        const mayBeDone = isRefusedWith(error, 405, 409, 422);
        if (!mayBeDone && !isWsError(error, "forge_unreachable")) throw error;
        const after = await pullRequest(number, signal);
        if (after.state === "merged") return after;
        if (!mayBeDone) throw error;
        throw pullRequestRefused(before.sourceBranch, `The pull request ${number} of '${url}' cannot be merged`, error);
      }
      return pullRequest(number, signal);
    },
  };
}

export function pullRequestNotFound(url: string, number: number): WsError<"pull_request_not_found"> {
  return new WsError("pull_request_not_found", {
    message: `There is no pull request ${number} in '${url}'.`,
    next: `See the open ones at ${url.replace(/\.git$/, "")}/pulls.`,
    data: { number },
  });
}
