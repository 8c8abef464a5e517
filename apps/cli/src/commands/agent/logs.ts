import { configDirectory } from "@ws/agent/paths";
import type { Command } from "commander";
import type { Context } from "../../context.ts";
import { printable } from "../../output/printable.ts";
import { localTime } from "../../output/time.ts";
import { written } from "../../output/written.ts";
import { parseCount } from "../../values.ts";
import { requireHere } from "./here.ts";

export function registerAgentLogs(agent: Command, context: Context): void {
  agent
    .command("logs")
    .description("Show the log of this machine's agent, also where none runs.")
    .option("-f, --follow", "go on as new lines come")
    .option("-n, --tail <lines>", "only the last lines (default: 100)", parseCount)
    .option("--system", "of the one that is a service of the whole machine")
    .option("--json", "print one JSON object per line, as they are kept")
    .addHelpText("after", "\nExamples:\n  ws agent logs -n 20\n  ws agent logs -f\n  sudo ws agent logs --system")
    .action(async (flags: { follow?: true; tail?: number; system?: true; json?: true }) => {
      requireHere(context);
      const [{ logLineForPeople, parseLogLine }, { directoryOf, followLog, lastLines, logPath, thisMachine }] =
        await Promise.all([import("@ws/agent/service"), import("../../service/index.ts")]);
      const own = configDirectory(context.io.env);
      const path = logPath(directoryOf(thisMachine(context.io.env), own, flags.system === true));
      const stop = new AbortController();
      const offInterrupt = context.io.onInterrupt(() => stop.abort());
      const shown = (text: string): string => {
        if (flags.json === true) return `${text}\n`;
        const line = parseLogLine(text);
        // What the world told the agent is in it, and a terminal obeys what is printed.
        return `${printable(line === undefined ? text : logLineForPeople(line, localTime)).trimEnd()}\n`;
      };
      const print = (lines: readonly string[]) => written(context.io.stdout, lines.map(shown).join(""), stop.signal);
      try {
        const { lines, end } = lastLines(path, flags.tail ?? 100);
        await print(lines);
        if (flags.follow !== true) return;
        for await (const more of followLog(path, end, stop.signal)) await print(more);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      } finally {
        offInterrupt();
      }
    });
}
