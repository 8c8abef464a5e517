import type { AgentClient } from "@ws/rpc-contract/client";
import { serveTools } from "@ws/mcp-tools/stdio";

/** Serves a worker's tools to the program that started this one, as `ws mcp` does. */
export async function serveWorker(client: AgentClient, { stdin, stdout }: typeof process): Promise<void> {
  await serveTools({ client, version: "1.0.0", stdin, stdout }); // ends with standard input
}
