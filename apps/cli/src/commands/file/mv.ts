import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";
import { given } from "../../given.ts";

export function registerMv(file: Command, context: Context): void {
  withFormat(
    file
      .command("mv")
      .description("Give a file or a directory another path.")
      .argument("<name>")
      .argument("<from>")
      .argument("<to>", "the new path itself, not the directory to put it in")
      .option("--replace", "also where something lies there already"),
  )
    .addHelpText("after", "\nExample:\n  ws file mv demo old.ts src/new.ts")
    .action(async (name: string, from: string, to: string, flags: { replace?: true }) => {
      const { client } = await context.connect();
      const moved = await client.files.move({
        name,
        from,
        to,
        ...given({ replace: flags.replace }),
      });
      if (context.json) return context.printJson(moved);
      context.hint(`${printable(from)} is now ${printable(moved.path)}`);
    });
}
