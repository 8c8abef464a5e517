import type { Command } from "commander";
import type { TaskTool } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";

export function registerTools(task: Command, context: Context): void {
  task
    .command("tools")
    .description("List the coding tools that tasks of a workspace can ask for, and how each stands there.")
    .argument("<name>")
    .option("--json", "print them as JSON")
    .addHelpText("after", "\nExample:\n  ws task tools demo")
    .action(async (name: string, flags: { json?: true }) => {
      const { client } = await context.connect();
      const found = await client.tasks.tools({ name });
      if (flags.json === true) return context.printJson(found);
      const rows = found.map((tool) => [
        tool.isDefault ? `${tool.name} (default)` : tool.name,
        tool.installed === undefined ? "-" : tool.installed ? "yes" : "no",
        context.asCalled(loginOf(tool)),
        tool.model ?? (tool.needsModel ? "none: name one" : "its own"),
      ]);
      context.printTable(["TOOL", "INSTALLED", "LOGIN", "MODEL"], rows);
    });
}

function loginOf({ login, keys }: TaskTool): string {
  if (login === "missing") return `none: ws credential set ${keys[0] ?? "NAME"}`;
  return { key: "a key", login: "its own", unknown: "-" }[login];
}
