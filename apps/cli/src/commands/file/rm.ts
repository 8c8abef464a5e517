import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";
import { given } from "../../given.ts";

export function registerRm(file: Command, context: Context): void {
  withFormat(
    file
      .command("rm")
      .description("Remove files, or directories with -r. What is not there is success.")
      .argument("<name>")
      .argument("<path...>")
      .option("-r, --recursive", "directories with what is in them"),
  )
    .addHelpText("after", "\nExample:\n  ws file rm demo dist -r")
    .action(async (name: string, paths: string[], flags: { recursive?: true }) => {
      const { client } = await context.connect();
      const removed = [];
      for (const path of paths) {
        const one = await client.files.remove({
          name,
          path,
          ...given({ recursive: flags.recursive }),
        });
        removed.push(one);
        context.hint(`${printable(one.path)}  ${one.removed ? "removed" : "was not there"}`);
      }
      if (context.json) context.printJson(removed);
    });
}
