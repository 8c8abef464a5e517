import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { localTime } from "../../output/time.ts";
import { parseDuration } from "../../values.ts";

export function registerShare(terminal: Command, context: Context): void {
  terminal
    .command("share")
    .description("Print a link with which others watch a terminal. They can type nothing and see nothing else.")
    .argument("<name>")
    .argument("[terminal]", "which one", "main")
    .option("--ttl <duration>", "how long it is good for (default: 1h)", parseDuration)
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExamples:\n  ws terminal share demo\n  ws terminal share demo build --ttl 8h")
    .action(async (name: string, id: string, flags: { ttl?: number; json?: true }) => {
      const { client } = await context.connect();
      const shared = await client.terminals.share({ name, terminal: id, ...given({ ttlSeconds: flags.ttl }) });
      if (flags.json === true) return context.printJson(shared);
      context.print(shared.url);
      context.hint(`Whoever has it can watch until ${localTime(shared.expires)}. End it: ws token revoke ${shared.id}`);
    });
}
