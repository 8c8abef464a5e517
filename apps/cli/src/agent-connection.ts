import type { AgentClient } from "@ws/rpc-contract/client";
import type { Io } from "./io.ts";
import { findTarget, type Target } from "./target.ts";

/** The agent this command talks to: procedures, and sockets for what streams both ways. */
export interface AgentConnection {
  client: AgentClient;
  target: Target;
}

export async function connectAgent(io: Io, given?: Target): Promise<AgentConnection> {
  const target = given ?? (await findTarget(io.env));
  const [{ createAgentClient }, { agentFetch }] = await Promise.all([
    import("@ws/rpc-contract/client"),
    import("./sockets/agent-fetch.ts"),
  ]);
  const url = target.kind === "http" ? target.url : "http://localhost";
  const client = createAgentClient({
    url,
    fetch: agentFetch(target),
    ...(target.kind === "http" ? { token: () => target.token } : {}),
  });
  return { client, target };
}
