import type { Command } from "commander";
import type { Context } from "../context.ts";
import { withLocalTimes } from "../output/time.ts";
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
      const write = (text: string): void => {
        const { stdout } = context.io;
        if (flags.json !== true) return void stdout.write(stdout.isTTY === true ? withLocalTimes(text) : text);
        for (const line of text.split("\n")) if (line !== "") context.print(JSON.stringify({ line }));
      };
      if (flags.follow !== true) return write(await client.workspaces.logs({ name, ...tail }));
      const stop = new AbortController();
      const offInterrupt = context.io.onInterrupt(() => stop.abort());
      try {
        const lines = await client.workspaces.followLogs({ name, ...tail }, { signal: stop.signal });
        for await (const { text } of lines) write(text);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      } finally {
        offInterrupt();
      }
    });
}
