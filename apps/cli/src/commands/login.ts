import { Argument, type Command } from "commander";
import type { Context } from "../context.ts";

export function registerLogin(program: Command, context: Context): void {
  program
    .command("login")
    .description("Log the worker in to GitHub, with a code that you type there on any device.")
    .addArgument(new Argument("<forge>", "where").choices(["github"]))
    .option("--json", "print each step as JSON")
    .addHelpText("after", "\nExample:\n  ws login github")
    .action(async (_forge: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const stop = new AbortController();
      const off = context.io.onInterrupt(() => stop.abort());
      try {
        for await (const step of await client.credentials.login(undefined, { signal: stop.signal })) {
          if (flags.json === true) context.printJson(step);
          else if (step.type === "code") {
            context.hint(`Open ${step.verificationUri} and type this code there: ${step.userCode}`);
            context.hint("Waiting. Ctrl-C ends it.");
          } else {
            const who = step.login === undefined ? "" : ` as ${step.login}`;
            context.print(`${step.name}  logged in to ${step.host}${who}`);
          }
        }
      } finally {
        off();
      }
    });
}
