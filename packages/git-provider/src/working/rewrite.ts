import { type GitStatus, type GitWork, throwIfAborted, WsError } from "@ws/workspace-core";
import type { Outcome } from "../run-git.ts";
import { type Context, failed, must } from "./context.ts";
import { mergeConflict, uncommittedWork, unpushedWork } from "./failures.ts";
import { looking } from "./look.ts";
import { commitOf, countCommits, currentBranch, findCommit } from "./refs.ts";

type Verbs = Pick<GitWork, "rebase" | "continueRebase" | "abortRebase" | "reset">;

/** What gives a branch other commits than it has. */
export function rewriting(context: Context): Verbs {
  const { repository, runner } = context;
  const status = () => looking(context).status({ untracked: "none" });

  async function requireRebase(): Promise<GitStatus> {
    const found = await status();
    if (found.operation === "rebase") return found;
    throw new WsError("no_operation", {
      message: "No rebase is under way.",
      next: "Begin one: 'ws git NAME rebase ONTO'.",
      data: { operation: "rebase" },
    });
  }

  return {
    async rebase({ onto, prefer, allowDestructive = false }) {
      const commit = await commitOf(context, onto);
      if (!allowDestructive) await requireOwn(context, commit);
      return { head: await rebaseOnto(context, commit, prefer) };
    },
    async continueRebase() {
      const { files } = await requireRebase();
      const conflicts = files.filter((file) => file.conflicted).map((file) => file.path);
      if (conflicts.length > 0) throw rebaseConflict(conflicts);
      return { head: await finish(context, await runner.run({ args: [...REBASE, "--continue"], kind: "write" })) };
    },
    async abortRebase() {
      await requireRebase();
      await must(context, { args: ["rebase", "--abort"], kind: "write" });
      return { head: await commitOf(context, "HEAD") };
    },
    async reset({ target = "HEAD", mode = "mixed", allowDestructive = false } = {}) {
      const commit = await commitOf(context, target);
      if (mode === "hard" && !allowDestructive) {
        const { files } = await status();
        if (files.length > 0)
          throw uncommittedWork(
            repository,
            files.map(({ path }) => path),
          );
        const branch = await currentBranch(context);
        const own = branch === undefined ? [] : [`--exclude=${branch}`];
        const held = ["--not", commit, ...own, "--branches", "--tags", "--remotes"];
        const lost = await countCommits(context, ["HEAD", ...held]);
        const what = lost === 1 ? "one commit" : `${lost} commits`;
        if (lost > 0) throw unpushedWork(repository, `${what} would be on no branch`);
      }
      await must(context, {
        args: ["reset", "--quiet", `--${mode}`, "--no-recurse-submodules", commit, "--"],
        kind: "write",
      });
      return { head: commit };
    },
  };
}

/** Nothing that a person set up for rebases by hand takes part. */
const REBASE = [
  "-c",
  "user.useConfigOnly=true",
  "-c",
  "rebase.updateRefs=false",
  "-c",
  "rebase.autoSquash=false",
  "rebase",
];

/** Puts the branch's own commits on top of this one; resolves to the new head. */
export async function rebaseOnto(context: Context, commit: string, prefer?: "onto" | "branch"): Promise<string> {
  // In a rebase the two sides are named the other way round.
  const option = prefer === undefined ? [] : [`--strategy-option=${prefer === "onto" ? "ours" : "theirs"}`];
  const args = [...REBASE, "--no-autostash", ...option, commit];
  return finish(context, await context.runner.run({ args, kind: "write" }));
}

async function finish(context: Context, said: Outcome): Promise<string> {
  throwIfAborted(context.runner.signal);
  if (said.code === 0) return commitOf(context, "HEAD");
  const { files, operation } = await looking(context).status({ untracked: "none" });
  const conflicts = files.filter((file) => file.conflicted).map((file) => file.path);
  if (operation === "rebase" && conflicts.length > 0) throw rebaseConflict(conflicts);
  throw failed(context, "rebase", said);
}

function rebaseConflict(files: readonly string[]): WsError<"merge_conflict"> {
  return mergeConflict(
    files,
    "Resolve them in the files, stage these and go on: 'ws git NAME rebase --continue'; or give it up: 'ws git NAME rebase --abort'.",
  );
}

/** Commits that the remote has are others' as well. */
async function requireOwn(context: Context, onto: string): Promise<void> {
  if ((await findCommit(context, "HEAD")) === undefined) return;
  const [all, own] = await Promise.all([
    countCommits(context, ["HEAD", "--not", onto]),
    countCommits(context, ["HEAD", "--not", onto, "--remotes"]),
  ]);
  if (all === own) return;
  const shared = all - own === 1 ? "one commit" : `${all - own} commits`;
  throw unpushedWork(context.repository, `${shared} of the branch are on the remote already, and would be replaced`);
}
