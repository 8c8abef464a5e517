import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { withFormat } from "../../output/format.ts";

export function registerStat(file: Command, context: Context): void {
  withFormat(
    file
      .command("stat")
      .description("Tell what a path is, its size and version, and whether the policy lets it be read and changed.")
      .argument("<name>")
      .argument("<path>"),
  )
    .addHelpText("after", "\nExample:\n  ws file stat demo package.json")
    .action(async (name: string, path: string) => {
      const { client } = await context.connect();
      const stat = await client.files.stat({ name, path });
      if (context.json) return context.printJson(stat);
      const { size, mode, modifiedAt, version, readable, writable } = stat;
      const rows = [
        ["path", stat.path === "" ? "." : stat.path],
        ["type", stat.target === undefined ? stat.type : `${stat.type} to ${stat.target}`],
        ["bytes", String(size)],
        ["mode", mode.toString(8).padStart(3, "0")],
        ["changed", modifiedAt],
        ["version", version],
        ["policy", readable ? (writable ? "read and write" : "read only") : "neither read nor write"],
      ];
      context.printTable(["WHAT", "VALUE"], rows);
    });
}
