import type { Command } from "commander";
import type { Context } from "../context.ts";
import { parseDuration } from "../values.ts";
import { registerDiscover } from "./worker-discover.ts";
import { registerWorkerList } from "./worker-list.ts";
import { registerWorkerRemove } from "./worker-remove.ts";
import { registerWorkerRename } from "./worker-rename.ts";
import { registerUse } from "./worker-use.ts";

export function registerWorker(program: Command, context: Context): void {
  const worker = program
    .command("worker")
    .description("The workers that this device knows, and those that dial out to one of them.")
    .addHelpText(
      "after",
      `
Examples:
  ws worker list
  ws worker use desk                     commands are for 'desk', which this device paired with: ws pair HOST
  ws worker add desk                     on the hub: prints the token for the worker 'desk'
  ws agent run --hub https://HUB         on the worker, which asks for it
  ws --on desk start demo                any command, for that worker; or WS_ON=desk
  ws list --all
  ws worker discover                     machines of this tailnet that are workers, whether they dial out or not`,
    );
  worker
    .command("add")
    .description(
      "Add a worker that dials out to this agent. Its token is printed once, opens nothing but its link, and belongs to the first worker that uses it.",
    )
    .argument("<name>")
    .option(
      "--ttl <duration>",
      "how long the token is good for, such as 90d (default: until it is removed)",
      parseDuration,
    )
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws worker add desk")
    .action(async (name: string, flags: { ttl?: number; json?: true }) => {
      const { client, target } = await context.connect();
      const made = await client.workers.add({ name, ...(flags.ttl === undefined ? {} : { ttlSeconds: flags.ttl }) });
      if (flags.json === true) return context.printJson(made);
      context.print(made.token);
      const url = target.kind === "http" ? target.url : "https://ADDRESS-OF-THIS-AGENT";
      context.hint(`It is shown only now. On the worker, which asks for it:\n  ws agent run --hub ${url}`);
    });
  registerWorkerList(worker, context);
  registerUse(worker, context);
  registerWorkerRename(worker, context);
  registerWorkerRemove(worker, context);
  registerDiscover(worker, context);
}
