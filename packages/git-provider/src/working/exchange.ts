import { type GitWork, isWsError, throwIfAborted, WsError } from "@ws/workspace-core";
import { checkBranch } from "../commands/branch-name.ts";
import { type Context, failed } from "./context.ts";
import { refNotFound, uncommittedWork } from "./failures.ts";
import { looking } from "./look.ts";
import { commitOf, countCommits, findCommit, findExactly } from "./refs.ts";
import { rebaseOnto } from "./rewrite.ts";

type Verbs = Pick<GitWork, "pull" | "push">;

/** To the remote and from it. */
export function exchanging(context: Context): Verbs {
  const { repository } = context;
  return {
    async pull({ branch, rebase = false, allowDirty = false } = {}) {
      if (branch !== undefined) checkBranch(branch, "branch");
      const status = await looking(context).status({ untracked: "none" });
      if (!allowDirty && status.files.length > 0) {
        throw uncommittedWork(
          repository,
          status.files.map(({ path }) => path),
        );
      }
      const followed =
        status.upstream?.startsWith("origin/") === true ? status.upstream.slice("origin/".length) : undefined;
      const wanted = await fetchFirst(context, branch ?? followed, [status.branch, repository.baseBranch]);
      const to = await findExactly(context, `refs/remotes/origin/${wanted}`);
      if (to === undefined) throw refNotFound(`origin/${wanted}`);
      const from = status.head;
      const commits = await countCommits(context, [to, ...(from === undefined ? [] : ["--not", from])]);
      if (commits === 0 && from !== undefined) return { branch: wanted, from, to: from, commits };
      const done = { branch: wanted, ...(from === undefined ? {} : { from }), commits };
      if (rebase && from !== undefined) return { ...done, to: await rebaseOnto(context, to) };
      const args = ["-c", "merge.autoStash=false", "merge", "--quiet", "--ff-only", "--no-verify-signatures", to];
      const said = await context.runner.run({ args, kind: "write" });
      throwIfAborted(context.runner.signal);
      if (/Not possible to fast-forward|Diverging branches/i.test(said.stderr)) throw diverged(wanted);
      if (said.code !== 0) throw failed(context, "merge", said);
      return { ...done, to: await commitOf(context, "HEAD") };
    },
    async push({ branch, force = false, expected } = {}) {
      const current = (await looking(context).status({ untracked: "none", limit: 1 })).branch;
      const target = branch ?? current;
      if (target === undefined) throw nothingChecked();
      checkBranch(target, "branch");
      if (!force) return { branch: target, ...(await context.push({ branch: target })) };
      const seen = await findExactly(context, `refs/remotes/origin/${target}`);
      const lease = expected === undefined ? (seen ?? "") : await findFull(context, expected);
      return { branch: target, ...(await context.push({ branch: target, force, expected: lease })) };
    },
  };
}

/** Fetches this branch, or the first of the others that the remote has: a branch of the workspace's own was begun from another one. */
async function fetchFirst(
  { fetch }: Context,
  branch: string | undefined,
  others: readonly (string | undefined)[],
): Promise<string> {
  const candidates = branch === undefined ? others.filter((each) => each !== undefined) : [branch];
  for (const [at, candidate] of candidates.entries()) {
    try {
      await fetch(candidate);
      return candidate;
    } catch (error) {
      if (!isWsError(error, "branch_not_found") || at === candidates.length - 1) throw error;
    }
  }
  throw nothingChecked();
}

async function findFull(context: Context, expected: string): Promise<string> {
  // A commit that is not here can still be the remote's; only a whole hash says which.
  return (await findCommit(context, expected)) ?? expected;
}

function nothingChecked(): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: "No branch is checked out.",
    next: "Name the branch, or check one out first.",
    data: { field: "branch" },
  });
}

function diverged(branch: string): WsError<"branch_diverged"> {
  return new WsError("branch_diverged", {
    message: `'origin/${branch}' and what is checked out have both gone on.`,
    next: "Put what was committed here on top of it: --rebase.",
    data: { branch },
  });
}
