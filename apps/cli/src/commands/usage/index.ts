import type { UsageBy, UsageSum, UsageSummary } from "@ws/rpc-contract";
import { usageCsv } from "@ws/rpc-contract/usage-csv";
import { type Command, Option } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { withFormat } from "../../output/format.ts";
import { parseSince } from "../../values.ts";
import { registerBudget, tellBudget } from "./budget.ts";
import { registerPrices } from "./prices.ts";
import { costText, shortCount } from "./texts.ts";

const SIDES = ["day", "workspace", "execution", "agent", "model"] as const;
const EXAMPLES = `
Examples:
  ws usage                              by day, of the last 30 days
  ws usage --by workspace --since 7d
  ws usage demo --by model              of one workspace
  ws usage --csv >usage.csv             a line for each day, workspace, agent and model
  ws usage budget set 200 --per month   warns at 80 and at 100 per cent
  ws usage prices                       what costs are computed with, and from when`;

interface Flags {
  by: UsageBy;
  since?: string;
  execution?: string;
  csv?: true;
}

/** What coding tools used in workspaces, whoever started them, and what that costs. */
export function registerUsage(program: Command, context: Context): void {
  const command = withFormat(
    program
      .command("usage")
      .description("Show the tokens that coding tools used, and what they cost.")
      .argument("[name]", "only of this workspace")
      .addOption(new Option("--by <side>", "what is summed up").choices(SIDES).default("day"))
      .option("--since <when>", "since then: 7d, 2026-03-01; 30d where absent", parseSince)
      .option("--execution <id>", "only of this execution")
      .option("--csv", "all of it as a table for spreadsheets"),
  )
    .addHelpText("after", EXAMPLES)
    .action(async (name: string | undefined, { by, since, execution, csv }: Flags) => {
      const { client } = await context.connect();
      const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
      const asked = { ...given({ name, execution, from: since }), zone, refresh: true };
      if (csv === true) return void context.io.stdout.write(usageCsv(await client.usage.entries(asked)));
      const summary = await client.usage.summary({ ...asked, by });
      if (context.json) return context.printJson(summary);
      show(context, summary);
      // Whoever sees one workspace only is told of no budget.
      await client.usage.budget.get().then(
        (budget) => tellBudget(context, budget),
        () => undefined,
      );
    });
  registerBudget(command, context);
  registerPrices(command, context);
}

function show(context: Context, { by, rows, total, others, unknownModels, pricesAsOf }: UsageSummary): void {
  const used = rows.filter(({ answers }) => answers > 0);
  if (used.length === 0) {
    context.hint(
      "No coding tool has used anything since then. It is read from the logs of Claude Code, Codex and OpenCode.",
    );
    return;
  }
  const header = [by.toUpperCase(), "ANSWERS", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "COST"];
  const left = others === undefined ? [] : [cells(`${others.count} more`, others)];
  const all = used.length > 1 ? [cells("all", total)] : [];
  context.printTable(header, [...used.map((row) => cells(row.label, row)), ...left, ...all]);
  if (unknownModels.length > 0 || total.unpriced > 0) {
    const models = unknownModels.slice(0, 5).join(", ");
    const which = models === "" ? "models that their tool does not name" : models;
    context.hint(
      `No price is known of ${which}: ${shortCount(total.unpriced)} tokens are not in the cost. Add one: ws config set usage.prices`,
    );
  }
  context.hint(
    `At the vendors' prices for their API, as of ${pricesAsOf}: what a subscription pays for is in it, too.`,
  );
}

function cells(label: string, sum: UsageSum): string[] {
  const { answers, tokens } = sum;
  const { input, output, cacheRead, cacheWrite } = tokens;
  return [label, String(answers), ...[input, output, cacheRead, cacheWrite].map(shortCount), costText(sum)];
}
