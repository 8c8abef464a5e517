import type { WorkerInfo } from "@ws/rpc-contract";
import { Option, type Command } from "commander";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import type { Worker } from "../known-workers.ts";
import type { PLACES } from "../workers/find-named.ts";

interface Flags {
  from?: (typeof PLACES)[number];
  json?: true;
}

export function registerWorkerRemove(worker: Command, context: Context): void {
  worker
    .command("remove")
    .alias("rm")
    .description(
      "Make this device forget a worker, or end the link of one that dials out. The worker and its workspaces go on.",
    )
    .argument("<name>", "its name; or its id, of one that dials out")
    .addOption(new Option("--from <place>", "which, where both have one of that name").choices(["device", "hub"]))
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExamples:\n  ws worker remove desk\n  ws worker remove desk --from device --yes")
    .action(async (name: string, flags: Flags, command: Command) => {
      const { findNamed } = await import("../workers/find-named.ts");
      const named = await findNamed(context, name, { from: flags.from, verb: `remove ${name}` });
      const result =
        named.place === "device"
          ? await forget(context, command, named.worker)
          : await removeBehind(context, command, { name, known: named.worker });
      if (flags.json === true) context.printJson(result);
    });
}

async function forget(context: Context, command: Command, worker: Worker): Promise<object> {
  const { name, url } = worker;
  await confirm(
    context,
    command,
    `This device will no longer know '${name}' (${url}), nor have a token there.`,
    "Remove?",
  );
  const { forgetWorker } = await import("../workers/forget-worker.ts");
  const ended = await forgetWorker(context.io, worker);
  if (context.json) return { success: true, from: "device", ended };
  context.print(`${name}  removed`);
  if (!ended)
    context.hint(`It could not be told, and still lists this device: there, ws devices revoke ${worker.device}.`);
  return {};
}

async function removeBehind(
  context: Context,
  command: Command,
  { name, known }: { name: string; known: WorkerInfo | undefined },
): Promise<object> {
  const { client } = await context.connect();
  const cost = `'${name}' will no longer be reached from here until it is added again.`;
  if (known !== undefined) await confirm(context, command, cost, "Remove?");
  const result = await client.workers.remove({ worker: name });
  if (context.json) return result;
  context.print(`${name}  removed`);
  context.hint(`It is no longer reached from here. To add it again: ws worker add ${known?.name ?? name}`);
  return result;
}
