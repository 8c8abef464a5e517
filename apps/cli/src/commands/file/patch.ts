import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { localText } from "../../local-content.ts";
import { withFormat } from "../../output/format.ts";
import { given } from "../../given.ts";

export function registerPatch(file: Command, context: Context): void {
  withFormat(
    file
      .command("patch")
      .description("Apply a unified diff whole, or change nothing.")
      .argument("<name>")
      .argument("[patch]", "a file of this machine, or - for standard input", "-")
      .option("--dry-run", "only tell what would be changed"),
  )
    .addHelpText("after", "\nExamples:\n  git diff | ws file patch demo\n  ws file patch demo fix.patch --dry-run")
    .action(async (name: string, from: string, flags: { dryRun?: true }) => {
      const { client } = await context.connect();
      const patch = await localText(context.io, from === "-" ? "-" : `@${from}`);
      const patched = await client.files.patch({
        name,
        patch,
        ...given({ dryRun: flags.dryRun }),
      });
      if (context.json) return context.printJson(patched);
      const rows = patched.files.map(({ path, from, change, additions, deletions }) => [
        from === undefined ? path : `${from} -> ${path}`,
        change,
        `+${additions} -${deletions}`,
      ]);
      context.printTable(["FILE", "CHANGE", "LINES"], rows);
      if (flags.dryRun !== undefined) context.hint("Nothing was changed.");
    });
}
