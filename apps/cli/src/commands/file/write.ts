import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { CliError, EXIT } from "../../errors.ts";
import { localStream } from "../../local-content.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";
import { counted } from "../../output/counted.ts";
import { given } from "../../given.ts";

interface Written {
  path: string;
  size: number;
  created: boolean;
  version: string;
}

export function registerWrite(file: Command, context: Context): void {
  withFormat(
    file
      .command("write")
      .description("Write a file as a whole, with the directories on the way.")
      .argument("<name>")
      .argument("<path>")
      .option(
        "--content <text>",
        "the text, @PATH for a file of this machine, or - for standard input (default in a pipe)",
      )
      .option("--expect <version>", "only over this version, as 'ws file stat' tells it; 'absent' for a new file"),
  )
    .addHelpText(
      "after",
      `
Examples:
  ws file write demo notes.md --content 'one line'
  ws file write demo docs/plan.md --content @plan.md
  date | ws file write demo stamp`,
    )
    .action(async (name: string, path: string, { content = "-", expect }: { content?: string; expect?: string }) => {
      const { io } = context;
      if (content === "-" && io.stdin.isTTY === true) {
        throw new CliError("usage", "There is no content: standard input is a terminal.", {
          next: "Give it with --content, or lead it in: ws file write NAME PATH < FILE.",
          exit: EXIT.usage,
        });
      }
      const source = await localStream(io, content);
      const written = await (typeof source === "string" ? writeText(source) : writeStream(source));
      if (context.json) return context.printJson(written);
      context.hint(
        `${printable(written.path)}  ${counted(written.size, "byte")}, ${written.created ? "new" : "replaced"}`,
      );

      async function writeText(text: string): Promise<Written> {
        const { client } = await context.connect();
        return client.files.write({ name, path, content: text, ...given({ expect }) });
      }

      async function writeStream(body: Exclude<typeof source, string>): Promise<Written> {
        const { target } = await context.connect();
        const { answerOf, streamFile } = await import("../../sockets/file-stream.ts");
        const headers: Record<string, string> =
          expect === undefined
            ? {}
            : expect === "absent"
              ? { "if-none-match": "*" }
              : { "if-match": `"${encodeURIComponent(expect)}"` };
        return answerOf(await streamFile(target, { method: "PUT", workspace: name, path, headers, body }));
      }
    });
}
