import { type ForgeRepository, type ReviewComment, WsError } from "@ws/workspace-core";
import { pullRequestNotFound } from "./pull-requests.ts";
import type { Reach } from "./reach.ts";
import { isRefusedWith, reasonFor } from "./refused.ts";

type Conversation = Pick<ForgeRepository, "addLabels" | "requestReviewers" | "comments">;

interface Reviewers {
  people: readonly string[];
  teams: readonly string[];
}

export function conversationOf({ client, url, find }: Reach): Conversation {
  const missing = (number: number) => (): never => {
    throw pullRequestNotFound(url, number);
  };

  const request = (number: number, { people, teams }: Reviewers, signal: AbortSignal | undefined): Promise<void> =>
    find(
      signal,
      async (octokit, at) => {
        const reviewers = { reviewers: [...people], team_reviewers: [...teams] };
        await octokit.rest.pulls.requestReviewers({ ...at, pull_number: number, ...reviewers });
      },
      missing(number),
    );

  return {
    async addLabels(number, labels, signal) {
      if (labels.length === 0) return;
      await find(
        signal,
        async (octokit, at) => {
          await octokit.rest.issues.addLabels({ ...at, issue_number: number, labels: [...labels] });
        },
        missing(number),
      );
    },
    async requestReviewers(number, reviewers, signal) {
      const each = apart(reviewers);
      if (each.length === 0) return;
      try {
        await request(number, reviewers, signal);
      } catch (error) {
        if (!isRefusedWith(error, 422)) throw error;
        // GitHub takes all or none; the ones that it would take are not given up for the others.
        const left = each.length === 1 ? [`${named(reviewers)} (${reasonFor(error)})`] : [];
        for (const one of each.length === 1 ? [] : each) {
          await request(number, one, signal).catch((error: unknown) => {
            if (!isRefusedWith(error, 422)) throw error;
            left.push(`${named(one)} (${reasonFor(error)})`);
          });
        }
        if (left.length === 0) return;
        throw notAsked(client.address.host, url, number, left, error);
      }
    },
    comments: (number, signal) =>
      find(
        signal,
        async (octokit, at) => {
          const pull = { ...at, pull_number: number, per_page: 100 };
          const [reviews, onLines, onWhole] = await Promise.all([
            octokit.paginate(octokit.rest.pulls.listReviews, pull),
            octokit.paginate(octokit.rest.pulls.listReviewComments, pull),
            octokit.paginate(octokit.rest.issues.listComments, { ...at, issue_number: number, per_page: 100 }),
          ]);
          return [...reviews.flatMap(fromReview), ...onLines.map(fromLine), ...onWhole.map(fromWhole)].sort(
            (a, b) => a.createdAt - b.createdAt,
          );
        },
        missing(number),
      ),
  };
}

/** Whose account is gone. */
const GHOST = "ghost";
const VERDICTS: Record<string, "approved" | "changes_requested"> = {
  APPROVED: "approved",
  CHANGES_REQUESTED: "changes_requested",
};

interface Said {
  user?: { login: string } | null;
  body?: string | null;
  html_url?: string;
}

function said({ user, body, html_url }: Said, at: string | undefined): ReviewComment {
  return { author: user?.login ?? GHOST, body: body ?? "", url: html_url ?? "", createdAt: Date.parse(at ?? "") || 0 };
}

function fromReview(review: Said & { state: string; submitted_at?: string | undefined }): ReviewComment[] {
  const verdict = VERDICTS[review.state] ?? "commented";
  // A pending one is its author's alone, and one without words or verdict only holds remarks on lines.
  if (review.state === "PENDING" || (verdict === "commented" && !review.body)) return [];
  return [{ ...said(review, review.submitted_at), verdict }];
}

function fromLine(
  comment: Said & { created_at: string; path: string; line?: number | null; original_line?: number | null },
): ReviewComment {
  const line = comment.line ?? comment.original_line;
  return { ...said(comment, comment.created_at), path: comment.path, ...(line ? { line } : {}) };
}

function fromWhole(comment: Said & { created_at: string }): ReviewComment {
  return said(comment, comment.created_at);
}

function apart({ people, teams }: Reviewers): Reviewers[] {
  return [
    ...people.map((person) => ({ people: [person], teams: [] })),
    ...teams.map((team) => ({ people: [], teams: [team] })),
  ];
}

function named({ people: [person], teams: [team] }: Reviewers): string {
  return person === undefined ? `the team '${team}'` : `'${person}'`;
}

function notAsked(host: string, url: string, number: number, left: readonly string[], cause: unknown): WsError {
  return new WsError("forge_refused", {
    message: `No review of the pull request ${number} of '${url}' can be asked of ${left.join(", ")}.`,
    next: "The pull request is open and the others were asked; name people and teams that can read the repository.",
    data: { host, status: 422 },
    cause,
  });
}
