import type { McpServer } from "@ws/rpc-contract";
import type { Command } from "commander";
import { confirm } from "../confirm.ts";
import type { Context } from "../context.ts";
import { withFormat } from "../output/format.ts";
import { printable } from "../output/printable.ts";

/** The servers of tools that coding tools may be given. */
export function registerMcpServers(mcp: Command, context: Context): void {
  withFormat(
    mcp
      .command("list")
      .alias("ls")
      .description("List the servers whose tools coding tools may be given, with their state."),
  )
    .addHelpText("after", "\nExample:\n  ws mcp list")
    .action(async () => {
      const { client } = await context.connect();
      const servers = await client.mcpServers.list();
      if (context.json) return context.printJson(servers);
      if (servers.length === 0) {
        return context.hint(`None. Name one: ws config set agents.mcp '{"NAME": {"url": "https://…/mcp"}}'`);
      }
      const rows = servers.map((server) => [server.name, server.state, server.url, inShort(server)]);
      context.printTable(["NAME", "STATE", "URL", "TOOLS"], rows);
    });
  withFormat(
    mcp
      .command("approve")
      .description("Give coding tools a server's tools as they are now; changed ones are withheld again.")
      .argument("<name>"),
  )
    .addHelpText("after", "\nExamples:\n  ws mcp approve docs\n  ws mcp approve docs --yes")
    .action(async (name: string, _flags: object, command: Command) => {
      const { client } = await context.connect();
      const known = (await client.mcpServers.list()).find((server) => server.name === name);
      const { sha256, tools = [] } = known ?? {};
      if (sha256 !== undefined) {
        const lines = tools.map((tool) => `  ${printable(tool.name)}: ${printable(tool.description)}`);
        const which = `${tools.length} ${tools.length === 1 ? "tool" : "tools"} of ${name}, as coding tools read them:`;
        await confirm(context, command, [which, ...lines].join("\n"), "Approve?");
      }
      const approved = await client.mcpServers.approve({ name, ...(sha256 === undefined ? {} : { sha256 }) });
      if (context.json) context.printJson(approved);
      else context.print(`${name}  approved`);
    });
}

function inShort({ tools, why = "" }: McpServer): string {
  return tools === undefined ? why : tools.map(({ name }) => printable(name)).join(", ");
}
