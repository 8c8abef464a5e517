import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { written } from "../../output/written.ts";
import { Option } from "commander";
import { parseCount } from "../../values.ts";
import { printCommit, printDiff, printLog, printStatus } from "./print.ts";
import { given } from "../../given.ts";
import { isJson, verb, type PrintFlags } from "./verb.ts";
import { counted } from "../../output/counted.ts";

interface DiffFlags extends PrintFlags {
  staged?: true;
  from?: string;
  to?: string;
  mergeBase?: true;
  stat?: true;
  context?: number;
}

/** What only looks. */
export function registerLooking(git: Command, context: Context): void {
  verb(git, "status", "The branch, and what has changed.", "status")
    .addOption(
      new Option("--untracked <how>", "new files: by directory, each, or not").choices([
        "directories",
        "files",
        "none",
      ]),
    )
    .option("--limit <n>", "most files", parseCount)
    .action(
      async (
        name: string,
        { untracked, limit, ...flags }: PrintFlags & { untracked?: "directories" | "files" | "none"; limit?: number },
      ) => {
        const { client } = await context.connect();
        const status = await client.git.status({ name, ...given({ untracked, limit }) });
        return isJson(flags) ? context.printJson(status) : printStatus(context, status);
      },
    );
  verb(git, "log", "The commits, newest first.", "log --limit 20 src")
    .argument("[path]", "only commits that changed it")
    .option("--limit <n>", "how many (default: 10)", parseCount)
    .option("--skip <n>", "leave out so many of the newest", parseCount)
    .option("--ref <ref>", "branch, tag or commit to begin at")
    .option("--from <ref>", "only commits that this one does not have")
    .action(
      async (
        name: string,
        path: string | undefined,
        {
          limit,
          skip,
          ref,
          from,
          ...flags
        }: PrintFlags & { limit?: number; skip?: number; ref?: string; from?: string },
      ) => {
        const { client } = await context.connect();
        const log = await client.git.log({ name, ...given({ path, limit, skip, ref, from }) });
        if (isJson(flags)) return context.printJson(log);
        if (log.commits.length === 0) return context.hint("No commits.");
        printLog(context, log.commits);
        if (log.truncated) context.hint(`Older ones: --skip ${(skip ?? 0) + log.commits.length}.`);
      },
    );
  verb(git, "diff", "Compare the files, what is staged, or two commits.", "diff --from main --stat")
    .argument("[path...]", "only these")
    .option("--staged", "what is staged, with the last commit")
    .option("--from <ref>", "compare with this branch, tag or commit")
    .option("--to <ref>", "and up to this one, instead of the files")
    .option("--merge-base", "compare with where the two parted, as a pull request does")
    .option("--stat", "numbers only")
    .option("--context <n>", "lines around a change (default: 3)", parseCount)
    .action(async (name: string, paths: string[], { json, format, ...asked }: DiffFlags) => {
      const { client } = await context.connect();
      const diff = await client.git.diff({ name, ...asked, ...some(paths) });
      if (isJson({ ...(json && { json }), ...(format && { format }) })) return context.printJson(diff);
      printDiff(context, diff, asked.stat === true);
    });
  verb(git, "show", "A commit and what it changed.", "show HEAD~1 --stat")
    .argument("[ref]", "branch, tag or commit (default: what is checked out)")
    .argument("[path...]", "only these")
    .option("--stat", "numbers only")
    .option("--context <n>", "lines around a change (default: 3)", parseCount)
    .action(
      async (
        name: string,
        ref: string | undefined,
        paths: string[],
        { stat, context: lines, ...flags }: PrintFlags & { stat?: true; context?: number },
      ) => {
        const { client } = await context.connect();
        const shown = await client.git.show({ name, ...given({ ref, stat, context: lines }), ...some(paths) });
        if (isJson(flags)) return context.printJson(shown);
        printCommit(context, shown.commit);
        printDiff(context, shown.diff, stat === true);
      },
    );
  verb(git, "cat", "A file as it is staged, or as it is in a commit.", "cat README.md --ref main")
    .argument("<path>")
    .option("--ref <ref>", "branch, tag or commit (default: what is staged)")
    .action(async (name: string, path: string, { ref, ...flags }: PrintFlags & { ref?: string }) => {
      const { client } = await context.connect();
      const base64 = !isJson(flags);
      const blob = await client.git.blob({ name, path, base64, ...given({ ref }) });
      if (!base64) return context.printJson(blob);
      await written(context.io.stdout, Buffer.from(blob.content ?? "", "base64"));
      if (blob.truncated) context.hint(`Only the beginning: it has ${counted(blob.size, "byte")}.`);
    });
}

function some(paths: string[]): { paths?: string[] } {
  return paths.length === 0 ? {} : { paths };
}
