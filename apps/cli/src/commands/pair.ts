import { Option, type Command } from "commander";
import type { Context } from "../context.ts";

interface Flags {
  scope?: "read" | "write" | "admin";
  json?: true;
}

export function registerPair(program: Command, context: Context): void {
  program
    .command("pair")
    .description("Let another device use this worker, or make this device known to another one.")
    .argument("[worker]", "where the code was made: HOST, HOST:PORT, a URL, or the link itself")
    .argument("[code]", "what 'ws pair' shows there; asked for where it is left out")
    .addOption(
      new Option("--scope <scope>", "what the device may do (default: admin)").choices(["read", "write", "admin"]),
    )
    .option("--json", "print one line of JSON for the code, and one for the device or the worker")
    .addHelpText(
      "after",
      `
Examples:
  ws pair                          on the worker: shows a code and waits for a device
  ws pair my-desktop K7QM-4XTR     on the other device
  ws pair --scope read

The code is good for one device and ten minutes, and does not cross the network.`,
    )
    .action(async (worker: string | undefined, code: string | undefined, flags: Flags) => {
      const { pairAsAsked } = await import("../pairing/pair-as-asked.ts");
      await pairAsAsked(context, { worker, code, scope: flags.scope });
    });
}
