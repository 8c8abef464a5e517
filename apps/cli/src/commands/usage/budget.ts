import type { UsageBudget } from "@ws/rpc-contract";
import { type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { withFormat } from "../../output/format.ts";
import { localTime } from "../../output/time.ts";
import { dollars } from "./texts.ts";

const PERIODS = ["day", "month", "execution"] as const;
const EXAMPLES = `
Examples:
  ws usage budget
  ws usage budget set 20 --per day
  ws usage budget set 200 --hold        tasks of coding tools wait once it is spent
  ws usage budget set 5 --per execution
  ws usage budget set 0                 no limit`;

interface SetFlags {
  per: (typeof PERIODS)[number];
  hold?: boolean;
}

/** What may be spent, and what was. */
export function registerBudget(usage: Command, context: Context): void {
  const budget = withFormat(
    usage.command("budget").description("Show what may be spent, and what was; set it with 'set'."),
  )
    .addHelpText("after", EXAMPLES)
    .action(async () => {
      const { client } = await context.connect();
      show(context, await client.usage.budget.get());
    });
  withFormat(
    budget
      .command("set")
      .description("Set what may be spent before the worker warns, in US dollars; 0 is no limit.")
      .argument("<amount>", "US dollars", parseAmount)
      .addOption(new Option("--per <period>", "for how long").choices(PERIODS).default("month"))
      .option("--hold", "tasks of coding tools wait while the budget of the day or of the month is spent")
      .option("--no-hold", "they go on"),
  )
    .addHelpText("after", EXAMPLES)
    .action(async (amount: number, { per, hold }: SetFlags) => {
      const { client } = await context.connect();
      show(context, await client.usage.budget.set({ [per]: amount, ...(hold === undefined ? {} : { hold }) }));
    });
}

function parseAmount(text: string): number {
  const amount = Number(text.replace(/^\$/, ""));
  if (text.trim() !== "" && Number.isFinite(amount) && amount >= 0) return amount;
  throw new CliError("usage", `'${text}' is no amount of US dollars.`, {
    next: "ws usage budget set 200 --per month",
    exit: EXIT.usage,
  });
}

function show(context: Context, budget: UsageBudget): void {
  if (context.json) return context.printJson(budget);
  const { day, month, execution, executions, hold } = budget;
  const rows = [
    ...(day === undefined ? [] : [["day", ...use(day), localTime(day.until)]]),
    ...(month === undefined ? [] : [["month", ...use(month), localTime(month.until)]]),
    ...(execution === undefined ? [] : [["each execution", "", dollars(execution), "", ""]]),
    ...executions.map((each) => [each.execution, ...use(each), ""]),
  ];
  if (rows.length === 0) return context.hint("There is no budget. Set one: ws usage budget set 200 --per month");
  context.printTable(["BUDGET", "SPENT", "LIMIT", "", "UNTIL"], rows);
  if (hold) context.hint("Tasks of coding tools wait while the budget of the day or of the month is spent.");
  tellBudget(context, budget);
}

function use({ spent, limit }: { spent: number; limit: number }): string[] {
  const share = limit === 0 ? "" : `${Math.floor((spent / limit) * 100)}%`;
  return [dollars(spent), dollars(limit), share];
}

/** The warnings that were passed. */
export function tellBudget(context: Context, { day, month, executions, held }: UsageBudget): void {
  const uses = [
    ...(day === undefined ? [] : [{ ...day, of: "of this day" }]),
    ...(month === undefined ? [] : [{ ...month, of: "of this month" }]),
    ...executions.map((each) => ({ ...each, of: `of ${each.execution}` })),
  ];
  for (const { passed, of, spent, limit } of uses) {
    if (passed === undefined) continue;
    const how = passed === 100 ? "is spent" : "is nearly spent";
    context.hint(`The budget ${of} ${how}: ${dollars(spent)} of ${dollars(limit)}.`);
  }
  if (held !== undefined) context.hint(held);
}
