import type { Command } from "commander";
import type { GrepMatch } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";
import { printable } from "../../output/printable.ts";
import { parseCount, parsePositive } from "../../values.ts";
import { given } from "../../given.ts";

/** So many files are named that were not searched. */
const SHOWN = 5;

interface GrepFlags {
  ignoreCase?: true;
  fixed?: true;
  include?: string;
  limit?: number;
  context?: number;
}

export function registerGrep(file: Command, context: Context): void {
  withFormat(
    file
      .command("grep")
      .description("Search in files, without what git ignores or the policy hides. Prints path:line:text.")
      .argument("<name>")
      .argument("<pattern>", "a regular expression")
      .argument("[path]", "a directory or file (default: everything)")
      .option("-i, --ignore-case", "letters' case does not matter")
      .option("-F, --fixed", "the pattern is plain text")
      .option("--include <glob>", "only files such as *.ts")
      .option("--limit <count>", "at most so many matches (default: 100)", parsePositive)
      .option("-C, --context <lines>", "lines before and after each", parseCount),
  )
    .addHelpText("after", "\nExample:\n  ws file grep demo 'listen|connect' src --include '*.ts'")
    .action(async (name: string, pattern: string, path: string | undefined, flags: GrepFlags) => {
      const { client } = await context.connect();
      const { ignoreCase, fixed, include, limit, context: around } = flags;
      const found = await client.files.grep({
        name,
        pattern,
        ...given({ path, ignoreCase, literal: fixed, include, maxResults: limit, context: around }),
      });
      if (context.json) return context.printJson(found);
      for (const match of found.matches) for (const line of linesOf(match)) context.print(printable(line));
      if (found.matches.length === 0) context.hint("No line matches.");
      if (found.truncated) context.hint("There are more: ask for them with --limit, or search in fewer files.");
      if (found.tooLarge !== undefined) context.hint(printable(unsearched(found.tooLarge)));
    });
}

function unsearched(paths: readonly string[]): string {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : "";
  return `Not searched, as it is over 16 MiB: ${paths.slice(0, SHOWN).join(", ")}${more}. Name a file to have it searched.`;
}

/** As grep prints them: lines beside a match with a dash. */
function linesOf({ path, line, text, before = [], after = [] }: GrepMatch): string[] {
  return [
    ...before.map((other, index) => `${path}-${line - before.length + index}-${other}`),
    `${path}:${line}:${text}`,
    ...after.map((other, index) => `${path}-${line + 1 + index}-${other}`),
  ];
}
