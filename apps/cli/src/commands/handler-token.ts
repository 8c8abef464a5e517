import type { Handler } from "@ws/rpc-contract";
import type { Context } from "../context.ts";
import { given } from "../given.ts";

/** Makes a token that can only do this, and prints it: it is shown once. */
export async function makeHandlerToken(
  context: Context,
  handler: Handler,
  { name, ttl, json }: { name: string; ttl?: number; json?: true },
): Promise<void> {
  const { client, target } = await context.connect();
  const made = await client.tokens.create({ name, handler, ...given({ ttlSeconds: ttl }) });
  if (json === true) return context.printJson(made);
  context.print(made.token);
  // A worker behind this agent has its own tokens, which say nothing here.
  const worker = target.kind === "http" && target.on === undefined ? `WS_WORKER=${target.url}` : "WS_WORKER=…";
  context.hint(`It is shown only now. An agent has its tools with: ${worker} WS_TOKEN=… ws mcp`);
}
