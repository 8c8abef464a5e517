import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { localTime } from "../../output/time.ts";

export function registerTest(credential: Command, context: Context): void {
  credential
    .command("test")
    .description("Ask a credential's forge whose it is and what it may do.")
    .argument("<name>")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws credential test work\n  ws credential test github-app")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const tested = await client.credentials.test({ name });
      if (flags.json === true) return context.printJson(tested);
      context.print(tested.message);
      if (tested.scopes !== undefined) context.print(`It may: ${tested.scopes.join(", ") || "nothing"}.`);
      if (tested.expires !== undefined) context.print(`It ends at ${localTime(tested.expires)}.`);
      for (const { account, repositories, permissions, suspended } of tested.installations ?? []) {
        const may = Object.entries(permissions).map(([what, level]) => `${what} ${level}`);
        const where = repositories === "all" ? "all repositories" : "some repositories";
        context.print(`${account}: ${suspended ? "suspended" : `${where}: ${may.join(", ")}`}`);
      }
    });
}
