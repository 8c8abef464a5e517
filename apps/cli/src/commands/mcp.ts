import type { Command } from "commander";
import type { Context } from "../context.ts";
import { registerMcpServers } from "./mcp-servers.ts";
import { VERSION } from "../version.ts";

export function registerMcp(program: Command, context: Context): void {
  const mcp = program
    .command("mcp")
    .description("Serve a coding agent its tools (Model Context Protocol) on stdio.")
    .addHelpText(
      "after",
      `
Examples:
  claude mcp add workspace -- ws mcp
  {"mcpServers": {"workspace": {"command": "ws", "args": ["mcp"]}}}

The tools may do what the token of this device may; WS_WORKER and WS_TOKEN name another worker and token.
For an agent that speaks HTTP the worker itself answers at /mcp.`,
    )
    .action(async () => {
      const { io } = context;
      const { client } = await context.connect();
      // Where nobody answers, the one who configured this reads it here, and not in the middle of a session.
      await client.auth.whoami();
      const { serveTools } = await import("@ws/mcp-tools/stdio");
      const onError = (error: Error): void => context.hint(`ws mcp: ${error.message}`);
      await serveTools({ client, version: VERSION, stdin: io.stdin, stdout: io.stdout, onError });
    });
  registerMcpServers(mcp, context);
}
