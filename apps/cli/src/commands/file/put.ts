import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { openLocal } from "../../local-content.ts";
import { printable } from "../../output/printable.ts";
import { countBytes } from "../../output/transfer.ts";
import { counted } from "../../output/counted.ts";

export function registerPut(file: Command, context: Context): void {
  file
    .command("put")
    .description("Bring a file, or a directory with its files, into a workspace; of whatever size.")
    .argument("<name>")
    .argument("<path>", "where to")
    .argument("[local]", "a file or directory of this machine, or - for standard input", "-")
    .option("--unpack", "it is a tar whose files are written below the path; links in it are left out")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws file put demo data/set.bin ./set.bin
  ws file put demo assets ./assets
  tar c src | ws file put demo . --unpack`,
    )
    .action(async (name: string, path: string, local: string, flags: { unpack?: true }) => {
      const { io } = context;
      const found = local === "-" ? undefined : await stat(resolve(io.cwd, local)).catch(() => undefined);
      if (found?.isDirectory() === true && flags.unpack !== true) return putDirectory(name, path, local);
      if (local === "-" && io.stdin.isTTY === true) {
        throw new CliError("usage", "There is no content: standard input is a terminal.", {
          next: "Name a file, or lead it in: ws file put NAME PATH < FILE.",
          exit: EXIT.usage,
        });
      }
      const body = local === "-" ? io.stdin : await openLocal(io, local);
      const query: Record<string, string> =
        flags.unpack === true ? { format: "tar" } : found === undefined ? {} : { mode: modeOf(found.mode) };
      const result = await send(name, path, body, query, found?.size ?? 0);
      if (context.json) return context.printJson(result);
      if (flags.unpack === true) context.hint(told(result));
      else context.hint(`${printable(path)}  ${counted(result.size ?? 0, "byte")}`);
    });

  async function putDirectory(name: string, path: string, local: string): Promise<void> {
    const root = resolve(context.io.cwd, local);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const done = { files: 0, bytes: 0, skipped: 0 };
    for (const entry of entries) {
      const at = join(entry.parentPath, entry.name);
      const to = [path, ...relative(root, at).split(sep)].join("/");
      if (entry.isFile()) {
        const { mode, size } = await stat(at);
        await send(name, to, await openLocal(context.io, at), { mode: modeOf(mode) }, size);
        done.files += 1;
        done.bytes += size;
      } else if (!entry.isDirectory()) done.skipped += 1;
    }
    if (context.json) return context.printJson(done);
    context.hint(told(done));
  }

  async function send(
    name: string,
    path: string,
    body: Readable,
    query: Record<string, string>,
    size: number,
  ): Promise<Record<string, number>> {
    const { target } = await context.connect();
    const { answerOf, streamFile } = await import("../../sockets/file-stream.ts");
    const transfer = countBytes(context, size);
    try {
      // What is refused is read no further, and its file closed; what cannot be read ends the sending.
      pipeline(body, transfer.pass).catch(() => undefined);
      return await answerOf(
        await streamFile(target, { method: "PUT", workspace: name, path, query, body: transfer.pass }),
      );
    } finally {
      transfer.end();
    }
  }
}

function told({ files = 0, bytes = 0, skipped = 0 }: Record<string, number>): string {
  const leftOut = skipped === 0 ? "" : `, ${skipped} left out`;
  return `${counted(files, "file")}, ${counted(bytes, "byte")}${leftOut}`;
}

function modeOf(mode: number): string {
  return (mode & 0o777).toString(8).padStart(3, "0");
}
