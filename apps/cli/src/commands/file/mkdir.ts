import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";

export function registerMkdir(file: Command, context: Context): void {
  withFormat(
    file
      .command("mkdir")
      .description("Make a directory, with those on the way. One that is there is success.")
      .argument("<name>")
      .argument("<path>"),
  )
    .addHelpText("after", "\nExample:\n  ws file mkdir demo src/lib")
    .action(async (name: string, path: string) => {
      const { client } = await context.connect();
      const made = await client.files.mkdir({ name, path });
      if (context.json) return context.printJson(made);
      context.hint(`${printable(made.path)}  ${made.created ? "made" : "was there already"}`);
    });
}
