import { Option, type Command } from "commander";
import type { Context } from "../context.ts";
import { CliError, EXIT } from "../errors.ts";
import { isWorkerName } from "../worker-name.ts";
import type { PLACES } from "../workers/find-named.ts";

interface Flags {
  from?: (typeof PLACES)[number];
  json?: true;
}

export function registerWorkerRename(worker: Command, context: Context): void {
  worker
    .command("rename")
    .description("Give a worker another name here; the worker itself is not told.")
    .argument("<name>", "its name; or its id, of one that dials out")
    .argument("<new-name>")
    .addOption(new Option("--from <place>", "which, where both have one of that name").choices(["device", "hub"]))
    .option("--json", "print it as JSON")
    .addHelpText("after", "\nExample:\n  ws worker rename desk tower")
    .action(async (name: string, newName: string, flags: Flags) => {
      const { findNamed } = await import("../workers/find-named.ts");
      const { place } = await findNamed(context, name, { from: flags.from, verb: `rename ${name} ${newName}` });
      const renamed = place === "device" ? await renameHere(context, name, newName) : await renameThere();
      if (flags.json === true) context.printJson(renamed);
      else context.print(`${name}  is now ${renamed.name}`);

      async function renameThere(): Promise<{ name: string }> {
        const { client } = await context.connect();
        return client.workers.rename({ worker: name, newName });
      }
    });
}

async function renameHere({ io }: Context, name: string, newName: string): Promise<{ name: string }> {
  const [{ readClientConfig, writeClientConfig }, { withRenamed }] = await Promise.all([
    import("../client-config.ts"),
    import("../known-workers.ts"),
  ]);
  if (!isWorkerName(newName)) {
    throw new CliError("usage", `'${newName}' cannot be a worker's name.`, {
      next: "Use up to 63 small letters, digits and inner hyphens.",
      exit: EXIT.usage,
    });
  }
  const config = readClientConfig(io.env);
  if (name !== newName && Object.hasOwn(config.workers ?? {}, newName)) {
    throw new CliError("name_taken", `This device knows another worker as '${newName}'.`, {
      next: "Choose another name: ws worker list.",
      exit: EXIT.conflict,
    });
  }
  writeClientConfig(io.env, withRenamed(config, name, newName));
  return { name: newName };
}
