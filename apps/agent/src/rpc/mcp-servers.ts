import type { McpServer } from "@ws/rpc-contract";
import type { ServerState } from "../tool-servers/tool-servers.ts";
import type { Services } from "./context.ts";
import type { Guarded } from "./guard.ts";

export function mcpServersRouter(guard: Guarded, { toolServers }: Services) {
  const os = guard.mcpServers;
  return os.router({
    list: os.list.handler(async ({ signal }) => (await toolServers.list(signal)).map(show)),
    approve: os.approve.handler(async ({ input: { name, sha256 }, signal }) =>
      show(await toolServers.approve(name, sha256, signal)),
    ),
  });
}

function show({ offer, ...state }: ServerState): McpServer {
  return offer === undefined ? state : { ...state, ...offer };
}
