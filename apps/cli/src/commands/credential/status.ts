import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { grantRow, GRANT_HEADER } from "./grant.ts";
import { printCredentials, tellProblems } from "./list.ts";

export function registerStatus(credential: Command, context: Context): void {
  credential
    .command("status")
    .description("The worker's credentials for forges, until when they are good, and who uses them.")
    .argument("[workspace]", "only of this one")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws credential status\n  ws credential status demo")
    .action(async (name: string | undefined, flags: { json?: true }) => {
      const { client } = await context.connect();
      const status = await client.credentials.status(name === undefined ? {} : { name });
      if (flags.json === true) return context.printJson(status);
      if (status.credentials.length === 0) {
        context.hint(
          name === undefined
            ? "No credentials for forges. Public repositories need none; else: ws login github, or ws credential set NAME"
            : `'${name}' uses none of the worker's credentials for forges.`,
        );
      } else printCredentials(context, status.credentials);
      if (status.grants.length > 0) {
        context.print("");
        context.printTable(GRANT_HEADER, status.grants.map(grantRow));
      }
      tellProblems(context, status.credentials);
    });
}
