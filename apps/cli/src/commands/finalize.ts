import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import type { CleanupResult, FinalizeInput, FinalizeResult } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { showFinalizing } from "../output/finalize-progress.ts";
import { collect } from "../values.ts";
import { given } from "../given.ts";

interface FinalizeFlags {
  commit?: string;
  leaveUncommitted?: true;
  push?: true;
  force?: true;
  pr?: true;
  title?: string;
  body?: string;
  bodyFile?: string;
  base?: string;
  draft?: boolean;
  label?: string[];
  reviewer?: string[];
  team?: string[];
  cleanup?: true;
  json?: true;
}

export function registerFinalize(program: Command, context: Context): void {
  program
    .command("finalize")
    .description("Push a workspace's work, open its pull request, clean up. Safe to repeat.")
    .argument("<name>")
    .option("--commit <message>", "commit what is not committed (default: refuse)")
    .option("--leave-uncommitted", "leave what is not committed where it is")
    .option("--push", "push its branch")
    .option("--force", "rewrite the branch on the remote, where its grant allows that")
    .option("--pr", "open the pull request, or bring the open one up to date; pushes first")
    .option("--title <title>", "of the pull request; one that is open keeps its own without this")
    .option("--body <text>", "of the pull request")
    .option("--body-file <file>", "read the body from a file, or from standard input with -")
    .option("--base <branch>", "where the pull request goes (default: where the branch came from)")
    .option("--draft", "open it as a draft, or make the open one a draft")
    .option("--no-draft", "make an open draft ready for review")
    .option("--label <label>", "label; repeat for more", collect)
    .option("--reviewer <login>", "who reviews; repeat for more", collect)
    .option("--team <slug>", "team that reviews; repeat for more", collect)
    .option("--cleanup", "remove the workspace, where nothing in it would be lost")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws finalize demo --push
  ws finalize demo --commit "Fix the login" --pr --title "Fix the login" --reviewer ada --cleanup`,
    )
    .action(async (name: string, flags: FinalizeFlags) => {
      const input = await toInput(context, name, flags);
      const { client } = await context.connect();
      const result = await showFinalizing(context, client, name, (signal) =>
        client.workspaces.finalize(input, { signal }),
      );
      if (flags.json === true) return context.printJson(result);
      const { pushed, pullRequest, cleanup } = result;
      if (pushed !== undefined) context.hint(toldPush(pushed));
      if (pullRequest !== undefined) context.print(pullRequest.url);
      if (cleanup !== undefined) tellCleanup(context, cleanup);
    });
}

function toldPush({ branch, commit, from }: NonNullable<FinalizeResult["pushed"]>): string {
  const what = from === undefined ? branch : `'${from}', which is checked out, to ${branch}`;
  return `Pushed ${what} at ${commit.slice(0, 12)}.`;
}

/** What became of a workspace that was to be cleaned up. */
export function tellCleanup(context: Context, { name, kept, holder, lease, needsGrant }: CleanupResult): void {
  if (!kept) return context.hint(`Removed '${name}'.`);
  context.hint(`Kept '${name}': ${holder ?? "it holds something of its own"}.`);
  if (lease !== undefined) context.hint(`It goes with its lease: ws lease release ${lease}`);
  if (needsGrant === true) context.hint(`Give it its credential again: ws credential grant ${name} --renew`);
}

async function toInput(context: Context, name: string, flags: FinalizeFlags): Promise<FinalizeInput> {
  const { commit, leaveUncommitted, push, force, cleanup } = flags;
  if (commit !== undefined && leaveUncommitted === true) {
    throw usage("--commit and --leave-uncommitted say two things of the same work.", "Leave one of them out.");
  }
  const pullRequest = await toPullRequest(context, flags);
  const wanted = push === true || pullRequest !== undefined || cleanup === true || commit !== undefined;
  if (!wanted) throw usage("Nothing is asked for.", "Say what to do: --push, --pr, --commit or --cleanup.");
  return {
    name,
    ...(commit === undefined ? {} : { uncommitted: "commit", commitMessage: commit }),
    ...(leaveUncommitted === true ? { uncommitted: "leave" } : {}),
    ...(push === true || pullRequest !== undefined ? { push: true } : {}),
    ...(force === true ? { force: true } : {}),
    ...given({ pullRequest }),
    ...(cleanup === true ? { cleanup: true } : {}),
  };
}

async function toPullRequest(context: Context, flags: FinalizeFlags): Promise<FinalizeInput["pullRequest"]> {
  const { pr, title, base, draft, label, reviewer, team } = flags;
  if (pr !== true) {
    const stray = Object.entries({ title, body: flags.body, base, draft, label, reviewer, team }).find(
      ([, value]) => value !== undefined,
    );
    if (stray !== undefined) throw usage(`--${stray[0]} is about a pull request.`, "Add --pr to open one.");
    return undefined;
  }
  const body = await bodyOf(context, flags);
  return {
    ...given({ title, body, targetBranch: base, draft, labels: label, reviewers: reviewer, teamReviewers: team }),
  };
}

async function bodyOf({ io }: Context, { body, bodyFile }: FinalizeFlags): Promise<string | undefined> {
  if (bodyFile === undefined) return body;
  if (body !== undefined) throw usage("--body and --body-file say the same thing twice.", "Leave one of them out.");
  if (bodyFile === "-") {
    let text = "";
    for await (const chunk of io.stdin) text += String(chunk);
    return text;
  }
  return readFile(bodyFile, "utf8").catch((cause: unknown) => {
    throw usage(`The file ${bodyFile} cannot be read.`, "Name a file that is there.", cause);
  });
}

function usage(message: string, next: string, cause?: unknown): CliError {
  return new CliError("usage", message, { next, exit: EXIT.usage, ...given({ cause }) });
}
