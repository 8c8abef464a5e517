import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { localText } from "../../local-content.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";
import { counted } from "../../output/counted.ts";
import { given } from "../../given.ts";

interface EditFlags {
  old: string;
  new: string;
  all?: true;
  expect?: string;
}

export function registerEdit(file: Command, context: Context): void {
  withFormat(
    file
      .command("edit")
      .description("Replace the one place where a text stands in a file.")
      .argument("<name>")
      .argument("<path>")
      .requiredOption("--old <text>", "what stands there, or @PATH for a file of this machine")
      .requiredOption("--new <text>", "what is to stand there, or @PATH")
      .option("--all", "replace every place where it stands")
      .option("--expect <version>", "only in this version, as 'ws file stat' tells it"),
  )
    .addHelpText("after", "\nExample:\n  ws file edit demo package.json --old '\"1.0.0\"' --new '\"1.1.0\"'")
    .action(async (name: string, path: string, flags: EditFlags) => {
      const { client } = await context.connect();
      const edited = await client.files.edit({
        name,
        path,
        oldString: await localText(context.io, flags.old),
        newString: await localText(context.io, flags.new),
        ...given({ replaceAll: flags.all, expect: flags.expect }),
      });
      if (context.json) return context.printJson(edited);
      context.hint(`${printable(edited.path)}  ${counted(edited.replacements, "place")} replaced`);
    });
}
