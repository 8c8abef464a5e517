import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";

export function registerRevoke(credential: Command, context: Context): void {
  credential
    .command("revoke")
    .description("End what a workspace was granted, at the forge too. Safe to repeat.")
    .argument("<workspace>")
    .argument("[repo]", "only for this one")
    .option("--json", "print what has ended as JSON")
    .addHelpText(
      "after",
      "\nExamples:\n  ws credential revoke demo\n  ws credential revoke demo https://github.com/org/repo",
    )
    .action(async (name: string, repo: string | undefined, flags: { json?: true }) => {
      const { client } = await context.connect();
      const ended = await client.credentials.revoke({ name, ...given({ repo }) });
      if (flags.json === true) return context.printJson(ended);
      if (ended.length === 0) return context.hint(`'${name}' has none left to end.`);
      for (const grant of ended) context.print(`${grant.repo}  ended`);
    });
}
