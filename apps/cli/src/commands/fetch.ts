import type { Command } from "commander";
import type { FetchSettings } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { interruptible } from "../interruptible.ts";
import { toJson } from "../output/json.ts";
import { collect, parseCount, parseDuration } from "../values.ts";
import { makeHandlerToken } from "./handler-token.ts";
import { counted } from "../output/counted.ts";
import { given } from "../given.ts";

interface FetchFlags {
  path?: string[];
  maxFiles?: number;
  sinceCommit?: string;
  include?: string;
  exclude?: string;
  token?: true | string;
  ttl?: number;
  json?: true;
}

export function registerFetch(program: Command, context: Context): void {
  program
    .command("fetch")
    .description("Print a workspace's text files as JSON lines, for a pipeline.")
    .argument("<name>")
    .option("--path <pattern>", "file or directory, such as src or *.md; repeat for more", collect)
    .option("--max-files <count>", "how many files at most (default: 1000)", parseCount)
    .option("--since-commit <hash>", "only files that differ from this commit")
    .option("--include <glob>", "only these files; without / by name anywhere")
    .option("--exclude <glob>", "none of these files")
    .option("--token [name]", "print a token that can do only this instead")
    .option("--ttl <duration>", "with --token: how long it is good for, such as 30d", parseDuration)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  ws fetch demo --path docs --include '*.md'
  ws fetch demo --since-commit 1a2b3c4d | jq -r .path
  ws fetch demo --path docs --token --ttl 30d

Each line is {"repo", "path", "commit", "size", "content"}.`,
    )
    .action(async (name: string, flags: FetchFlags) => {
      const settings = toSettings(flags);
      if (flags.token !== undefined) {
        const handler = { kind: "fetch", settings: { repo: name, ...settings } } as const;
        const called = flags.token === true ? `fetch ${name}` : flags.token;
        return makeHandlerToken(context, handler, { ...flags, name: called });
      }
      if (flags.ttl !== undefined) {
        throw new CliError("usage", "--ttl is about a token.", { next: "Add --token to make one.", exit: EXIT.usage });
      }
      const told = { goesOn: "what was printed is not all", next: `Fetch again: ws fetch ${name}.` };
      await interruptible(context, told, (signal) =>
        print(context, { name, ...settings }, flags.json === true, signal),
      );
    });
}

type Asked = Omit<FetchSettings, "repo"> & { name: string };

async function print(context: Context, asked: Asked, together: boolean, signal: AbortSignal): Promise<void> {
  const { client } = await context.connect();
  const packets: object[] = [];
  for await (const event of await client.handlers.packets(asked, { signal })) {
    const { type, ...told } = event;
    if (type === "packet") {
      if (together) packets.push(told);
      else context.print(toJson(told));
      continue;
    }
    if (together) return context.printJson({ packets, summary: told });
    const { packets: count, skipped, truncated } = event;
    const left = [
      ...(skipped.binary > 0 ? [`${skipped.binary} no text`] : []),
      ...(skipped.tooLarge > 0 ? [`${skipped.tooLarge} too large`] : []),
      ...(skipped.hidden > 0 ? [`${skipped.hidden} hidden by a policy`] : []),
    ].join(", ");
    context.hint(`${counted(count, "file")}${left === "" ? "" : `; left out: ${left}`}.`);
    if (truncated) context.hint("There are more: ask for them with --max-files, or for fewer with --path.");
  }
}

function toSettings({ path, maxFiles, sinceCommit, include, exclude }: FetchFlags): Omit<FetchSettings, "repo"> {
  return {
    ...given({
      paths: path,
      max_files: maxFiles,
      since_commit: sinceCommit,
      include_glob: include,
      exclude_glob: exclude,
    }),
  };
}
