import type { Command } from "commander";
import type { AttemptInfo, ComparisonInfo } from "@ws/rpc-contract";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { given } from "../given.ts";
import { printable } from "../output/printable.ts";
import { tellCleanup } from "./finalize.ts";

interface Flags {
  pick?: string;
  commit?: string;
  title?: string;
  body?: string;
  draft?: true;
  discard?: true;
  json?: true;
}

export function registerCompare(program: Command, context: Context): void {
  program
    .command("compare")
    .description("Compare the attempts of a task that was added with --fan-out, and keep the best.")
    .argument("[id]", "of the attempts; without it those that there are, are listed")
    .option("--pick <name>", "commit, push and open the pull request of this attempt, and remove the others")
    .option("--commit <message>", "with --pick: commit what is not committed (default: refuse)")
    .option("--title <title>", "with --pick: of the pull request (default: the task's)")
    .option("--body <text>", "with --pick: of the pull request")
    .option("--draft", "with --pick: open it as a draft")
    .option("--discard", "with --pick: destroy what the others made; without it they stay where it lies nowhere else")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws task add demo --fan-out 3 --agent "Make the failing test pass"
  ws compare
  ws compare attempts-0123456789ab
  ws git diff demo-2 --from origin/main --merge-base
  ws compare attempts-0123456789ab --pick demo-2 --commit "Mend the test" --discard`,
    )
    .action(async (id: string | undefined, flags: Flags, command: Command) => {
      if (flags.pick === undefined) return show(context, id, flags);
      if (id === undefined) {
        throw new CliError("usage", "It is not said which attempts are meant.", {
          exit: EXIT.usage,
          next: "'ws compare' lists them; then: ws compare ID --pick NAME.",
        });
      }
      await pick(context, { ...flags, id, name: flags.pick }, command);
    });
}

async function show(context: Context, id: string | undefined, { json }: Flags): Promise<void> {
  const { client } = await context.connect();
  const comparisons =
    id === undefined ? (await client.attempts.list()).filter(isThere) : [await client.attempts.show({ id })];
  if (json === true) return context.printJson(id === undefined ? comparisons : comparisons[0]);
  if (comparisons.length === 0) {
    return context.hint(
      'Nothing to compare. Start a task several times: ws task add NAME --fan-out 3 --agent "PROMPT"',
    );
  }
  const rows = comparisons.flatMap((comparison) => comparison.attempts.map((attempt) => rowOf(comparison, attempt)));
  context.printTable(["ATTEMPTS", "WORKSPACE", "TASK", "TOOL", "FILES", "LINES", "COST"], rows);
  const from = printable(`origin/${comparisons[0]?.base ?? "HEAD"}`);
  if (id !== undefined)
    context.hint(`Next: ws git diff NAME --from ${from} --merge-base, then ws compare ${printable(id)} --pick NAME`);
}

/** Of what was picked and deleted since, nothing is left to compare. */
function isThere({ attempts }: ComparisonInfo): boolean {
  return attempts.some(({ status }) => status !== "removed");
}

function rowOf({ id }: ComparisonInfo, { name, status, task, changes }: AttemptInfo): string[] {
  return [
    id,
    name,
    status === "removed" ? status : (task?.status ?? status),
    [task?.tool, task?.model].filter((word) => word !== undefined).join(" ") || "-",
    changes === undefined ? "-" : String(changes.files),
    changes === undefined ? "-" : `+${changes.additions} -${changes.deletions}`,
    task?.usage?.cost === undefined ? "-" : `$${task.usage.cost.toFixed(2)}`,
  ];
}

async function pick(context: Context, flags: Flags & { id: string; name: string }, command: Command): Promise<void> {
  const { id, name, commit, title, body, draft, discard } = flags;
  const { client } = await context.connect();
  const comparison = await client.attempts.show({ id });
  const others = comparison.attempts
    .filter((attempt) => attempt.name !== name && attempt.status !== "removed" && attempt.pullRequest?.state !== "open")
    .map((attempt) => attempt.name);
  if (discard === true && others.length > 0) {
    const lost = `This removes ${others.map(printable).join(", ")}, with all that was made there.`;
    await confirm(context, command, lost, `Keep only '${printable(name)}'?`);
  }
  const picked = await client.attempts.pick({
    id,
    name,
    pullRequest: { title: title ?? comparison.title, ...given({ body, draft }) },
    ...given({ commitMessage: commit, discard }),
  });
  if (flags.json === true) return context.printJson(picked);
  if (picked.pullRequest !== undefined) context.print(picked.pullRequest.url);
  for (const other of picked.others) tellCleanup(context, other);
}
