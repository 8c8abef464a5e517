import { Option, type Command } from "commander";

/** `--json`, and the same as a format: what is printed is told by `context.json`, which has read the words themselves. */
export function withFormat(command: Command): Command {
  return command
    .addOption(new Option("--format <format>", "how it is printed").choices(["table", "json"]).default("table"))
    .option("--json", "the same as --format json");
}
