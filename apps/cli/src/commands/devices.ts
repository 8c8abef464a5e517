import type { Command } from "commander";
import type { DeviceInfo } from "@ws/rpc-contract";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { ago } from "../output/workspace.ts";

export function registerDevices(program: Command, context: Context): void {
  const devices = program
    .command("devices")
    .description("Devices and browsers that may use the worker, each with a token of its own.")
    .addHelpText(
      "after",
      "\nExamples:\n  ws devices\n  ws devices rename laptop old-laptop\n  ws devices revoke phone\n\nA new one: ws pair.",
    );
  devices
    .command("list", { isDefault: true })
    .alias("ls")
    .description("List devices.")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws devices list")
    .action(async (flags: { json?: true }) => {
      const { client } = await context.connect();
      const list = await client.devices.list();
      if (flags.json === true) return context.printJson(list);
      if (list.length === 0) return context.hint("No devices. Let one in: ws pair");
      const rows = list.map(({ name, own, kind, platform, scope, created, lastUsed, id }) => [
        own ? `${name} (this one)` : name,
        kind,
        platform === "" ? "-" : platform,
        scope,
        ago(created),
        lastUsed === undefined ? "never" : ago(lastUsed),
        id,
      ]);
      context.printTable(["NAME", "KIND", "PLATFORM", "SCOPE", "PAIRED", "USED", "ID"], rows);
    });
  devices
    .command("rename")
    .description("Call a device something else.")
    .argument("<device>", "its name or id")
    .argument("<new-name>")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExample:\n  ws devices rename vm-3 phone")
    .action(async (device: string, newName: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const now = await client.devices.rename({ device, newName });
      if (flags.json === true) context.printJson(now);
      else context.print(`${device}  renamed to ${now.name}`);
    });
  devices
    .command("revoke")
    .description("End a device's access, and close what it has open.")
    .argument("<device>", "its name or id")
    .option("--json", "print the result as JSON")
    .addHelpText("after", "\nExamples:\n  ws devices revoke phone\n  ws devices revoke phone --yes")
    .action(async (device: string, flags: { json?: true }, command: Command) => {
      const { client } = await context.connect();
      // Nobody should confirm the end of what does not exist; the refusal is the worker's.
      const known = (await client.devices.list()).find(({ id, name }) => id === device || name === device);
      if (known !== undefined) await confirm(context, command, statement(known), "Revoke?");
      const gone = await client.devices.revoke({ device });
      if (gone.own) await forgetToken(context);
      if (flags.json === true) context.printJson(gone);
      else context.print(`${gone.name}  revoked`);
    });
}

function statement({ name, own }: DeviceInfo): string {
  return own
    ? "This is the device that you are using: its next command is refused."
    : `'${name}' is cut off: its terminals close within five seconds, and its next request is refused.`;
}

/** What is no good any more must not be sent again. */
async function forgetToken({ io }: Context): Promise<void> {
  const [{ readClientConfig, writeClientConfig }, { withToken }] = await Promise.all([
    import("../client-config.ts"),
    import("../known-workers.ts"),
  ]);
  if (io.env["WS_TOKEN"] === undefined) writeClientConfig(io.env, withToken(readClientConfig(io.env), undefined));
}
