import { open, type FileHandle } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";

export function registerRecord(terminal: Command, context: Context): void {
  terminal
    .command("record")
    .description("Record what a terminal prints, whoever looks or not. What is typed is not recorded.")
    .argument("<name>")
    .argument("[terminal]", "which one", "main")
    .option("--stop", "end the recording")
    .option("--download <file>", "write it to a new file, as asciinema plays it; - for standard output")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws terminal record demo
  ws terminal record demo --stop
  ws terminal record demo --download demo.cast`,
    )
    .action(async (name: string, id: string, flags: { stop?: true; download?: string; json?: true }) => {
      const { client } = await context.connect();
      if (flags.stop === true || flags.download === undefined) {
        const result = await client.terminals.record({ name, terminal: id, on: flags.stop !== true });
        if (flags.json === true) context.printJson(result);
        else if (flags.download !== "-") context.print(`${id}  ${flags.stop === true ? "recorded" : "recording"}`);
      }
      if (flags.download === undefined) return;
      const pieces = await client.terminals.recording({ name, terminal: id });
      if (flags.download === "-") {
        for await (const { text } of pieces) context.io.stdout.write(text);
        return;
      }
      await using file = await create(flags.download, resolve(context.io.cwd, flags.download));
      for await (const { text } of pieces) await file.write(text);
      context.hint(`Play it: asciinema play ${flags.download}`);
    });
}

/** What a terminal shows is nobody else's to read. */
async function create(shown: string, path: string): Promise<FileHandle> {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      throw new CliError("file_exists", `'${shown}' is here already.`, {
        next: "Give another name.",
        exit: EXIT.conflict,
      });
    }
    throw new CliError("usage", `'${shown}' cannot be written: ${message}.`, { exit: EXIT.usage });
  }
}
