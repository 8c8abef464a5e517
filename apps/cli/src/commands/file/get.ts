import { createWriteStream, rmSync } from "node:fs";
import { basename, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { Option, type Command } from "commander";
import type { Context } from "../../context.ts";
import { CliError, connectionLost, EXIT } from "../../errors.ts";
import { printable } from "../../output/printable.ts";
import { quoted } from "../../output/quoted.ts";
import { countBytes } from "../../output/transfer.ts";
import type { IncomingMessage } from "node:http";
import { counted } from "../../output/counted.ts";

export function registerGet(file: Command, context: Context): void {
  file
    .command("get")
    .description("Bring a file here, or a directory as a tar or zip; of whatever size.")
    .argument("<name>")
    .argument("<path>")
    .argument("[local]", "where to, or - for standard output (default: its own name)")
    .addOption(new Option("--as <archive>", "a directory, as this").choices(["tar", "zip"]))
    .option("--force", "also over a file that is here already")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws file get demo dist/app.js
  ws file get demo dist --as zip
  ws file get demo . - --as tar | tar t`,
    )
    .action(async (name: string, path: string, local: string | undefined, flags: { as?: string; force?: true }) => {
      const { target } = await context.connect();
      const { streamFile } = await import("../../sockets/file-stream.ts");
      const query = flags.as === undefined ? {} : { format: flags.as };
      const ask = { method: "GET", workspace: name, path, query } as const;
      const answer = await streamFile(target, ask).catch((error: unknown) => {
        if (!(error instanceof CliError) || error.code !== "is_a_directory") throw error;
        const next = `Bring it as an archive: ws file get ${name} ${quoted(path)} --as tar`;
        throw new CliError(error.code, error.message, { next, exit: error.exit });
      });
      if (local === "-") return pipeline(answer, context.io.stdout, { end: false });
      const own = basename(path.replace(/\/+$/, "")).replace(/^\.{0,2}$/, name);
      const to = local ?? (flags.as === undefined ? own : `${own}.${flags.as}`);
      const bytes = await save(answer, to, flags.force === true);
      if (context.json) return context.printJson({ path: to, size: bytes });
      context.hint(`${printable(to)}  ${counted(bytes, "byte")}`);
    });

  async function save(answer: IncomingMessage, to: string, force: boolean): Promise<number> {
    const at = resolve(context.io.cwd, to);
    const transfer = countBytes(context, Number(answer.headers["content-length"] ?? 0));
    let opened = false;
    const into = createWriteStream(at, { flags: force ? "w" : "wx" }).once("open", () => (opened = true));
    try {
      await pipeline(answer, transfer.pass, into);
      return transfer.bytes();
    } catch (error) {
      // Half a file is none.
      if (opened) rmSync(at, { force: true });
      if ((error as { code?: string }).code === "EEXIST") {
        throw new CliError("file_exists", `'${to}' is here already.`, {
          next: "Add --force, or give another name.",
          exit: EXIT.conflict,
        });
      }
      throw opened
        ? connectionLost(error)
        : new CliError("usage", `'${to}' cannot be written: ${(error as Error).message}.`, { exit: EXIT.usage });
    } finally {
      transfer.end();
    }
  }
}
