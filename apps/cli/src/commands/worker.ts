import type { Command } from "commander";
import type { WorkerInfo } from "@ws/rpc-contract";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/workspace.ts";
import { widthOf } from "../output/wrap.ts";
import { parseDuration } from "../values.ts";
import { registerDiscover } from "./worker-discover.ts";

export function registerWorker(program: Command, context: Context): void {
  const worker = program
    .command("worker")
    .description("Workers that dial out to this agent, so that one address leads to all of them.")
    .addHelpText(
      "after",
      `
Examples:
  ws worker add desk                     on the hub: prints the token for the worker 'desk'
  ws agent run --hub https://HUB         on the worker, which asks for it
  ws worker list
  ws --on desk start demo                any command, for that worker; or WS_ON=desk
  ws list --all
  ws worker discover                     machines of this tailnet that are workers, whether they dial out or not`,
    );
  worker
    .command("add")
    .description(
      "Add a worker. Its token is printed once, opens nothing but its link, and belongs to the first worker that uses it.",
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
  worker
    .command("list")
    .alias("ls")
    .description("List the workers, also those that are away.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws worker list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const workers = await client.workers.list();
      if (flags.json === true) return context.printJson(workers);
      if (workers.length === 0) return context.hint("No workers beside this one. Add one: ws worker add NAME");
      context.print(
        table(
          ["NAME", "STATE", "SEEN", "WORKSPACES", "TASKS", "MAY", "HOST", "VERSION"],
          workers.map(rowOf),
          widthOf(context.io),
        ),
      );
    });
  worker
    .command("rename")
    .description("Give a worker another name here; the worker itself is not told.")
    .argument("<name>", "its name or id")
    .argument("<new-name>")
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws worker rename desk tower")
    .action(async (name: string, newName: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const renamed = await client.workers.rename({ worker: name, newName });
      if (flags.json === true) context.printJson(renamed);
      else context.print(`${name}  is now ${renamed.name}`);
    });
  worker
    .command("remove")
    .alias("rm")
    .description("Remove a worker and end its link. The worker and its workspaces go on by themselves.")
    .argument("<name>", "its name or id")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExamples:\n  ws worker remove desk\n  ws worker remove desk --yes")
    .action(async (name: string, flags: { json?: true }, command: Command) => {
      const { client } = await context.connect();
      const known = (await client.workers.list()).find((one) => one.name === name || one.id === name);
      const cost = `'${name}' will no longer be reached from here until it is added again.`;
      if (known !== undefined) await confirm(context, command, cost, "Remove?");
      const result = await client.workers.remove({ worker: name });
      if (flags.json === true) context.printJson(result);
      else {
        context.print(`${name}  removed`);
        context.hint(`It is no longer reached from here. To add it again: ws worker add ${known?.name ?? name}`);
      }
    });
  registerDiscover(worker, context);
}

function rowOf({ name, state, lastSeen, workspaces, running, tasks, grant, hostname, version }: WorkerInfo): string[] {
  return [
    name,
    state,
    state === "online" ? "now" : lastSeen === undefined ? "never" : ago(lastSeen),
    workspaces === undefined ? "-" : `${running ?? 0}/${workspaces}`,
    tasks === undefined ? "-" : String(tasks),
    grant ?? "-",
    hostname ?? "-",
    version ?? "-",
  ];
}
