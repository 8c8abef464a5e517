import type { Command } from "commander";
import type { Context } from "../context.ts";
import { given } from "../given.ts";
import { ifExists } from "../if-exists.ts";
import { coloured } from "../output/coloured.ts";
import { toJson } from "../output/json.ts";
import { withLocalTimes } from "../output/time.ts";
import { written } from "../output/written.ts";
import { parseCount } from "../values.ts";

export function registerLogs(program: Command, context: Context): void {
  program
    .command("logs")
    .description("Show what happened at startup, in scripts, and what the workspace printed.")
    .argument("<name>")
    .option("-f, --follow", "go on as new lines come")
    .option("-n, --tail <lines>", "only the last lines", parseCount)
    .option("--json", "print one JSON object per line")
    .addHelpText("after", "\nExamples:\n  ws logs demo -n 50\n  ws logs demo -f")
    .action(async (name: string, flags: { follow?: true; tail?: number; json?: true }) => {
      const { client } = await context.connect();
      const tail = flags.tail === undefined ? {} : { tail: flags.tail };
      const stop = new AbortController();
      // What is not taken is not asked for: the worker holds it back.
      const write = async (text: string): Promise<void> => {
        const shown = flags.json === true ? asObjects(text) : context.io.stdout.isTTY === true ? forEyes(text) : text;
        await written(context.io.stdout, shown, stop.signal);
      };
      if (flags.follow !== true) return write(await client.workspaces.logs({ name, ...tail }));
      const offInterrupt = context.io.onInterrupt(() => stop.abort());
      try {
        const [{ followAgent }, { eventIdOf }] = await Promise.all([
          import("../following/follow-agent.ts"),
          import("@ws/rpc-contract/client"),
        ]);
        using agent = followAgent(context);
        await agent.follow({
          open: (signal, after) =>
            client.workspaces.followLogs({ name, ...tail }, { signal, ...given({ lastEventId: after }) }),
          idOf: eventIdOf,
          onEvent: ({ text }) => write(text),
          // The log of a workspace that is there has no end: an agent that goes away ends it without a word.
          isOver: async (signal) => (await ifExists(client.workspaces.get({ name }, { signal }))) === undefined,
          signal: stop.signal,
        });
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      } finally {
        offInterrupt();
      }
    });
}

/** A terminal obeys what is printed, and a workspace prints what it likes; a pipe gets it as it is. */
function forEyes(text: string): string {
  return withLocalTimes(coloured(text));
}

function asObjects(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => `${toJson({ line })}\n`).join("");
}
