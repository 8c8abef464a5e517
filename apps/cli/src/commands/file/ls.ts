import type { Command } from "commander";
import type { FileEntry } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";
import { ago } from "../../output/workspace.ts";
import { given } from "../../given.ts";

export function registerLs(file: Command, context: Context): void {
  withFormat(
    file
      .command("ls")
      .alias("list")
      .description("List a directory: directories first, each with a slash. What the policy hides is left out.")
      .argument("<name>")
      .argument("[path]", "the workspace's directory where absent"),
  )
    .addHelpText("after", "\nExample:\n  ws file ls demo src")
    .action(async (name: string, path: string | undefined) => {
      const { client } = await context.connect();
      const listed = await client.files.list({ name, ...given({ path }) });
      if (context.json) return context.printJson(listed);
      if (listed.entries.length === 0) return context.hint("It is empty.");
      const rows = listed.entries.map((entry) => [
        nameOf(entry),
        entry.type === "directory" ? "-" : String(entry.size),
        entry.mode.toString(8).padStart(3, "0"),
        ago(entry.modifiedAt),
      ]);
      context.printTable(["NAME", "BYTES", "MODE", "CHANGED"], rows);
      if (listed.truncated) context.hint("There are more: the list is cut.");
    });
}

function nameOf({ name, type, target }: FileEntry): string {
  if (type === "directory") return `${name}/`;
  return target === undefined ? name : `${name} -> ${target}`;
}
