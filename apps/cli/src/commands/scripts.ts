import type { ScriptEvent } from "@ws/rpc-contract";
import type { Command } from "commander";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { given } from "../given.ts";
import { coloured } from "../output/coloured.ts";
import { written } from "../output/written.ts";

type Outcomes = Extract<ScriptEvent, { type: "ended" }>["outcomes"];

export function registerScripts(program: Command, context: Context): void {
  const scripts = program
    .command("scripts")
    .description("The worker's scripts, which run in a workspace after each of its starts.")
    .addHelpText(
      "after",
      `
Examples:
  ws scripts run demo
  ws config set scripts.post_start '["~/.config/workspace/scripts/post-start.sh"]'`,
    );
  scripts
    .command("run")
    .description(
      "Run them again in a workspace that runs, without starting it anew, and show what they say. Safe to repeat.",
    )
    .argument("<name>", "the workspace")
    .argument("[script]", "only this one, by its file's name")
    .option("--json", "print how each ended as JSON")
    .addHelpText("after", "\nExamples:\n  ws scripts run demo\n  ws scripts run demo post-start.sh")
    .action(async (name: string, script: string | undefined, flags: { json?: true }) => {
      const { client } = await context.connect();
      const ran = await follow(context, await client.workspaces.followScripts({ name, ...given({ script }) }));
      if (ran.some(({ exitCode }) => exitCode !== 0)) context.exitCode = EXIT.failed;
      if (flags.json === true) return context.printJson(ran);
      if (ran.length === 0)
        return context.hint("The worker has no scripts. Name one: ws config set scripts.post_start FILE");
      const rows = ran.map(({ script: each, exitCode }) => [each, exitCode === 0 ? "done" : `ended with ${exitCode}`]);
      context.printTable(["SCRIPT", "OUTCOME"], rows);
      if (context.exitCode !== EXIT.ok) context.hint(`Read it again: ws logs ${name}`);
    });
}

/** What they say is no result: it goes where progress goes, and is left out where nobody wants that. */
async function follow({ io, json, quiet }: Context, events: AsyncIterable<ScriptEvent>): Promise<Outcomes> {
  for await (const event of events) {
    if (event.type === "ended") return event.outcomes;
    // A terminal obeys what is printed, and a script prints what it likes.
    const line = io.stderr.isTTY === true ? coloured(event.line) : event.line;
    if (!json && !quiet) await written(io.stderr, `${line}\n`);
  }
  throw new CliError("connection_closed", "The connection ended, and the scripts with it.", {
    next: "Run them again.",
    exit: EXIT.unavailable,
  });
}
