import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";

/** What costs are computed with. */
export function registerPrices(usage: Command, context: Context): void {
  withFormat(usage.command("prices").description("List the prices of models, in US dollars for a million tokens."))
    .addHelpText("after", "\nExamples:\n  ws usage prices\n  ws usage prices --json")
    .action(async () => {
      const { client } = await context.connect();
      const prices = await client.usage.prices();
      if (context.json) return context.printJson(prices);
      const rows = prices.models.map(({ model, input, output, cacheRead, cacheWrite, long, source }) => [
        model,
        String(input),
        String(output),
        String(cacheRead ?? input),
        String(cacheWrite ?? input),
        long === undefined ? "" : `${long.input} and ${long.output} beyond ${long.over.toLocaleString("en")}`,
        source,
      ]);
      context.printTable(["MODEL", "INPUT", "OUTPUT", "CACHE READ", "CACHE WRITE", "LONG CONTEXT", "SOURCE"], rows);
      context.hint(`As of ${prices.asOf}.`);
      for (const [name, source] of Object.entries(prices.sources)) context.hint(`${name}: ${source}`);
    });
}
