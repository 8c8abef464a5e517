import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { CliError } from "../../errors.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";
import { parsePositive } from "../../values.ts";
import { given } from "../../given.ts";

export function registerRead(file: Command, context: Context): void {
  withFormat(
    file
      .command("read")
      .description("Print a text file, up to 1 MiB of it.")
      .argument("<name>")
      .argument("<path>")
      .option("--offset <line>", "first line, from 1", parsePositive)
      .option("--limit <lines>", "at most so many lines", parsePositive),
  )
    .addHelpText("after", "\nExample:\n  ws file read demo src/main.ts --offset 100 --limit 50")
    .action(async (name: string, path: string, { offset, limit }: { offset?: number; limit?: number }) => {
      const { client } = await context.connect();
      const read = await client.files.read({
        name,
        path,
        ...given({ offset, limit }),
      });
      if (context.json) return context.printJson(read);
      if (read.binary) {
        throw new CliError("binary_file", `'${path}' is no text in UTF-8.`, {
          next: `Take its bytes: ws file get ${name} ${path}.`,
        });
      }
      const { stdout } = context.io;
      stdout.write(stdout.isTTY === true ? printable(read.content) : read.content);
      if (read.truncated) context.hint(`It goes on: --offset ${read.offset + read.linesRead}.`);
    });
}
