import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { localTime } from "../../output/time.ts";
import { given } from "../../given.ts";
import { ALLOW, allowed, type Destructive, isJson, verb } from "./verb.ts";

interface BranchFlags extends Destructive {
  from?: string;
  delete?: true;
}

interface CheckoutFlags extends Destructive {
  create?: true;
  from?: string;
  detach?: true;
}

export function registerBranches(git: Command, context: Context): void {
  verb(git, "branch", "List the branches, or make or delete one.", "branch feature/login --from main")
    .argument("[branch]", "the one to make")
    .option("--from <ref>", "where it begins (default: what is checked out)")
    .option("--delete", "delete it here; the remote keeps its own")
    .option(ALLOW, "also delete commits that are on no other branch")
    .action(async (name: string, branch: string | undefined, flags: BranchFlags, command: Command) => {
      if (branch === undefined) return list(name, flags);
      const { client } = await context.connect();
      if (flags.delete === true) {
        const allow = await allowed(context, command, flags, `Commits that only '${branch}' has are lost.`);
        const result = await client.git.branches.delete({ name, branch, ...allow });
        return isJson(flags) ? context.printJson(result) : context.hint(`Deleted ${branch}.`);
      }
      const made = await client.git.branches.create({ name, branch, ...given({ from: flags.from }) });
      if (isJson(flags)) return context.printJson(made);
      context.hint(`Made ${made.branch} at ${made.head.slice(0, 12)}.`);
    });
  verb(git, "checkout", "Check out a branch, also one that only the remote has.", "checkout feature/login --create")
    .argument("<branch>")
    .option("--create", "make it")
    .option("--from <ref>", "with --create: where it begins (default: what is checked out)")
    .option("--detach", "a commit or tag, without a branch")
    .option(ALLOW, "throw away what stands in the way")
    .action(async (name: string, branch: string, flags: CheckoutFlags, command: Command) => {
      const allow = await allowed(context, command, flags, `Changes in '${name}' that are not committed are lost.`);
      const { client } = await context.connect();
      const { create, from, detach } = flags;
      const now = await client.git.checkout({ name, branch, ...given({ create, from, detach }), ...allow });
      if (isJson(flags)) return context.printJson(now);
      context.hint(`On ${now.branch ?? `the commit ${now.head?.slice(0, 12) ?? ""}`}.`);
    });

  async function list(name: string, flags: BranchFlags): Promise<void> {
    const { client } = await context.connect();
    const { branches, truncated } = await client.git.branches.list({ name });
    if (isJson(flags)) return context.printJson({ branches, truncated });
    const rows = branches.map(({ name: branch, current, head, date, upstream = "-", subject }) => [
      `${current ? "* " : ""}${branch}`,
      head.slice(0, 12),
      localTime(date),
      upstream,
      subject,
    ]);
    if (rows.length === 0) return context.hint("No branch has a commit yet.");
    context.printTable(["BRANCH", "COMMIT", "DATE", "FOLLOWS", "SUBJECT"], rows);
    if (truncated) context.hint("There are more of them.");
  }
}
