import type { Command } from "commander";
import type { Context } from "../context.ts";
import { ago } from "../output/workspace.ts";
import { given } from "../given.ts";

export function registerRepo(program: Command, context: Context): void {
  program
    .command("repo")
    .description("Repositories that the worker's own token or login reaches, or its GitHub App is installed on.")
    .addHelpText("after", "\nExample:\n  ws repo list login")
    .command("list")
    .alias("ls")
    .description("List them, most recently changed first; the first 100 that fit.")
    .argument("[search]", "words of the name or the description")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws repo list login")
    .action(async (search: string | undefined, flags: { json?: true }) => {
      const { client } = await context.connect();
      const found = await client.forges.repositories({ perPage: 100, ...given({ search }) });
      if (flags.json === true) return context.printJson(found);
      if (!found.configured)
        return context.hint("The worker has no token, no login and no GitHub App yet: ws login github");
      if (found.repositories.length === 0) return context.hint("None fits.");
      const rows = found.repositories.map((one) => [
        one.fullName,
        one.private ? "private" : "public",
        one.defaultBranch,
        ago(one.updated),
        one.url,
      ]);
      context.printTable(["NAME", "WHO", "BRANCH", "CHANGED", "URL"], rows);
      if (found.hasMore) context.hint("There are more: say more of the name.");
    });
}
