import { type Checks, type ForgeRepository, isWsError, WsError } from "@ws/workspace-core";
import type { Reach } from "./reach.ts";
import { isRefusedWith } from "./refused.ts";

type Branches = Pick<ForgeRepository, "branchExists" | "branches" | "deleteBranch" | "checks">;

export function branchesOf({ url, within, find }: Reach): Branches {
  async function commitOf(branch: string, signal: AbortSignal | undefined): Promise<string | undefined> {
    return find(
      signal,
      async (octokit, at) => {
        try {
          // Not the branches' own route: that one answers to a renamed branch's old name too.
          const { data } = await octokit.rest.git.getRef({ ...at, ref: `heads/${branch}` });
          return data.object.sha;
        } catch (error) {
          // Of a repository without a commit.
          if ((error as { status?: number }).status === 409) return undefined;
          throw error;
        }
      },
      () => undefined,
    );
  }

  const branchExists: Branches["branchExists"] = async (branch, signal) =>
    (await commitOf(branch, signal)) !== undefined;

  return {
    branchExists,
    branches: (prefix, signal) =>
      within(signal, async (octokit, at) => {
        const route = octokit.rest.git.listMatchingRefs;
        const refs = await octokit.paginate(route, { ...at, ref: `heads/${prefix}` }).catch((error: unknown) => {
          if ((error as { status?: number }).status === 409) return [];
          throw error;
        });
        return refs.map(({ ref }) => ref.replace(/^refs\/heads\//, "")).sort();
      }),
    async deleteBranch(branch, signal) {
      try {
        await within(signal, (octokit, at) => octokit.rest.git.deleteRef({ ...at, ref: `heads/${branch}` }));
      } catch (error) {
        const mayBeGone = isRefusedWith(error, 422) || isWsError(error, "repository_not_found");
        if (!mayBeGone || (await branchExists(branch, signal))) throw error;
      }
    },
    async checks(ref, signal) {
      const sha = /^[0-9a-f]{40}$/.test(ref) ? ref : await commitOf(ref, signal);
      if (sha === undefined) throw branchNotFound(url, ref);
      try {
        return combined(await within(signal, (octokit, at) => checksOf(octokit, { ...at, ref: sha })));
      } catch (error) {
        if (isRefusedWith(error, 422)) throw branchNotFound(url, ref);
        throw error;
      }
    },
  };
}

type Octokit = Parameters<Parameters<Reach["within"]>[1]>[0];
type Check = Checks["checks"][number];

type At = { owner: string; repo: string; ref: string };

/** Check runs come from apps, statuses from everything older; a commit may have both. */
async function checksOf(octokit: Octokit, at: At): Promise<Check[]> {
  const [runs, statuses] = await Promise.all([
    octokit.paginate(octokit.rest.checks.listForRef, { ...at, per_page: 100 }),
    statusesOf(octokit, at),
  ]);
  const ofRuns = runs.map(({ name, status, conclusion, html_url }): Check => ({
    name,
    state: status === "completed" ? (CONCLUSIONS[conclusion ?? ""] ?? "failure") : "pending",
    ...link(html_url),
  }));
  return [...ofRuns, ...statuses];
}

/** The last word of each context. The client cannot turn these pages itself: they are part of a larger answer. */
async function statusesOf(octokit: Octokit, at: At): Promise<Check[]> {
  const found: Check[] = [];
  for (let page = 1; ; page++) {
    const { data } = await octokit.rest.repos.getCombinedStatusForRef({ ...at, per_page: 100, page });
    for (const { context, state, target_url } of data.statuses) {
      found.push({ name: context, state: STATUSES[state] ?? "failure", ...link(target_url) });
    }
    if (data.statuses.length === 0 || found.length >= data.total_count) return found;
  }
}

const STATUSES: Record<string, Check["state"]> = { success: "success", pending: "pending" };
const CONCLUSIONS: Record<string, Check["state"]> = {
  success: "success",
  neutral: "neutral",
  skipped: "neutral",
  stale: "neutral",
};

function combined(checks: Check[]): Checks {
  const has = (wanted: Check["state"]): boolean => checks.some(({ state }) => state === wanted);
  const state = has("failure") ? "failure" : has("pending") ? "pending" : checks.length === 0 ? "none" : "success";
  return { state, checks };
}

function link(url: string | null | undefined): { url?: string } {
  return url ? { url } : {};
}

function branchNotFound(url: string, branch: string): WsError<"branch_not_found"> {
  return new WsError("branch_not_found", {
    message: `Branch not found: '${branch}' is not in '${url}'.`,
    next: "Push it first, or check its name.",
    data: { url, branch },
  });
}
