import { excerpt, type GitBranch, type GitWork, throwIfAborted, WsError } from "@ws/workspace-core";
import { branches, readBranch } from "../commands/branches.ts";
import { isBranchName } from "../commands/branch-name.ts";
import { type Context, failed, must } from "./context.ts";
import { refNotFound, uncommittedWork, unpushedWork } from "./failures.ts";
import { looking } from "./look.ts";
import { commitOf, countCommits, currentBranch, findCommit, findExactly } from "./refs.ts";

type Verbs = Pick<GitWork, "branches" | "createBranch" | "deleteBranch" | "checkout">;

const MOST = 1_000;

export function branching(context: Context): Verbs {
  const { repository, runner } = context;

  async function list(where: "heads" | "remotes"): Promise<{ found: GitBranch[]; truncated: boolean }> {
    const found: GitBranch[] = [];
    let lines = 0;
    const { code, stderr } = await runner.stream(branches(where, MOST + 1), (line) => {
      lines += 1;
      const branch = readBranch(line);
      if (branch !== undefined && found.length < MOST) found.push(branch);
    });
    throwIfAborted(runner.signal);
    if (code !== 0) throw failed(context, "for-each-ref", { stderr });
    return { found, truncated: lines > MOST };
  }

  /** The commit a new branch begins at; undefined for what is checked out and not yet born. */
  async function beginning(from: string | undefined): Promise<string | undefined> {
    return from === undefined ? findCommit(context, "HEAD") : commitOf(context, from);
  }

  async function requireFree(branch: string): Promise<void> {
    requireBranchName(branch);
    if ((await findExactly(context, `refs/heads/${branch}`)) !== undefined) throw exists(branch);
  }

  return {
    async branches() {
      const [here, there] = await Promise.all([list("heads"), list("remotes")]);
      return { branches: [...here.found, ...there.found], truncated: here.truncated || there.truncated };
    },
    async createBranch({ branch, from }) {
      await requireFree(branch);
      const head = await beginning(from);
      if (head === undefined) throw refNotFound("HEAD");
      await must(context, { args: ["branch", "--quiet", "--no-track", "--", branch, head], kind: "write" });
      return { branch, head };
    },
    async deleteBranch({ branch, allowDestructive = false }) {
      requireBranchName(branch);
      const ref = `refs/heads/${branch}`;
      if ((await findExactly(context, ref)) === undefined) throw refNotFound(branch);
      if ((await currentBranch(context)) === branch) throw checkedOut(branch);
      if (!allowDestructive) {
        const others = ["--not", "HEAD", `--exclude=${branch}`, "--branches", "--tags", "--remotes"];
        const lost = await countCommits(context, [ref, ...others]);
        if (lost > 0) throw unpushedWork(repository, `${commits(lost)} of '${excerpt(branch)}' would be on no branch`);
      }
      await must(context, { args: ["branch", "--quiet", "-D", "--", branch], kind: "write" });
    },
    async checkout({ branch, create = false, from, detach = false, allowDestructive = false }) {
      const target = await targetOf();
      if (!allowDestructive) await requireHeld(context);
      const discard = allowDestructive ? ["--discard-changes"] : [];
      const said = await runner.run({
        args: ["switch", "--quiet", "--no-guess", "--no-recurse-submodules", ...discard, ...target],
        kind: "write",
      });
      throwIfAborted(runner.signal);
      if (said.code !== 0) throw failed(context, "switch", said);
      const [now, head] = await Promise.all([currentBranch(context), findCommit(context, "HEAD")]);
      return { ...(now === undefined ? {} : { branch: now }), ...(head === undefined ? {} : { head }) };

      async function targetOf(): Promise<string[]> {
        if (detach) return ["--detach", await commitOf(context, branch)];
        if (create) {
          await requireFree(branch);
          const start = await beginning(from);
          return ["--no-track", "--create", branch, ...(start === undefined ? [] : [start])];
        }
        requireBranchName(branch);
        if ((await findExactly(context, `refs/heads/${branch}`)) !== undefined) return [branch];
        if ((await findExactly(context, `refs/remotes/origin/${branch}`)) === undefined) throw refNotFound(branch);
        return ["--create", branch, "--track", `origin/${branch}`];
      }
    },
  };
}

/** Commits that were made on no branch are found by nobody once another one is checked out. */
async function requireHeld(context: Context): Promise<void> {
  if ((await currentBranch(context)) !== undefined) return;
  const { operation } = await looking(context).status({ untracked: "none", limit: 1 });
  if (operation !== undefined) throw uncommittedWork(context.repository, []);
  const lost = await countCommits(context, ["HEAD", "--not", "--branches", "--tags", "--remotes"]);
  if (lost > 0) throw unpushedWork(context.repository, `${commits(lost)} would be on no branch`);
}

function commits(count: number): string {
  return count === 1 ? "one commit" : `${count} commits`;
}

function requireBranchName(branch: string): void {
  if (isBranchName(branch)) return;
  throw new WsError("invalid_ref", {
    message: `'${excerpt(branch)}' is not a branch name that git accepts.`,
    next: "Use letters, digits, '-', '_', '.' and single '/', as in 'feature/login'.",
    data: { ref: excerpt(branch) },
  });
}

function exists(branch: string): WsError<"branch_exists"> {
  return new WsError("branch_exists", {
    message: `The branch '${excerpt(branch)}' exists already.`,
    next: "Check it out, or use another name.",
    data: { branch },
  });
}

function checkedOut(branch: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `'${excerpt(branch)}' is checked out and cannot be deleted.`,
    next: "Check out another branch first.",
    data: { field: "branch" },
  });
}
