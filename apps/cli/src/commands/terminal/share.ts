import type { Command } from "commander";
import { connectAgent } from "../../agent-connection.ts";
import type { Context } from "../../context.ts";
import { given } from "../../given.ts";
import { localTime } from "../../output/time.ts";
import type { Target } from "../../target.ts";
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
      const { client, target } = await context.connect();
      const asked = { name, terminal: id, ...given({ ttlSeconds: flags.ttl }) };
      const { on: worker, ...hub } = target;
      // Of a worker behind a hub it is the hub that can be reached.
      const shared =
        worker === undefined
          ? await client.terminals.share(asked)
          : await (await connectAgent(context.io, hub)).client.workers.share({ worker, ...asked });
      if (flags.json === true) return context.printJson(shared);
      context.print(atTarget(shared.url, hub));
      context.hint(
        `Whoever has it can watch until ${localTime(shared.expires)}. End it: ws terminal unshare ${name} ${shared.id}`,
      );
    });
}

/** At the address by which it was reached from here: others are more likely to reach that than what the agent listens on. */
function atTarget(url: string, target: Target): string {
  if (target.kind === "socket") return url;
  const { pathname, hash } = new URL(url);
  return `${target.url.replace(/\/$/, "")}${pathname}${hash}`;
}
