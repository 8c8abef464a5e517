import type { Command } from "commander";
import { clientConfigPath } from "../client-config-path.ts";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";

export function registerUse(worker: Command, context: Context): void {
  worker
    .command("use")
    .description("Say which of the workers that this device knows commands are for from now on.")
    .argument("<name>")
    .option("--json", "print it as JSON")
    .addHelpText(
      "after",
      `
Examples:
  ws worker use desk
  WS_WORKER=laptop ws list         once, for another one
  ws config unset worker           the agent of this machine again`,
    )
    .action(async (name: string, flags: { json?: true }) => {
      if (context.on !== undefined) {
        throw new CliError("usage", "Which worker commands are for is a matter of this device.", {
          next: "Leave out --on.",
          exit: EXIT.usage,
        });
      }
      const [{ readClientConfig, writeClientConfig }, { findWorker, withCurrent, workersOf }, { unknownHere }] =
        await Promise.all([
          import("../client-config.ts"),
          import("../known-workers.ts"),
          import("../workers/find-named.ts"),
        ]);
      const { io } = context;
      const found = findWorker(workersOf(io.env).all, name);
      if (found === undefined) throw unknownHere(name);
      writeClientConfig(io.env, withCurrent(readClientConfig(io.env), found.name));
      if (flags.json === true) return context.printJson({ worker: found.name, url: found.url });
      context.print(`${found.name}  in use  ${found.url}`);
      const { WS_WORKER: surroundings } = io.env;
      if (surroundings !== undefined) {
        context.hint(`WS_WORKER is '${surroundings}' here, which goes before ${clientConfigPath(io.env)}.`);
      }
    });
}
