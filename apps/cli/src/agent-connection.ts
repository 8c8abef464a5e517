import type { AgentClient } from "@ws/rpc-contract/client";
import type { Io } from "./io.ts";
import { findTarget, prefixOf, type Target } from "./target.ts";

/** The agent this command talks to: procedures, and sockets for what streams both ways. */
export interface AgentConnection {
  client: AgentClient;
  target: Target;
}

/** To the given target, or the one that the surroundings name, there to the worker `on`. Whatever is asked over it ends with `ended`. */
export async function connectAgent(
  io: Io,
  given?: Target | { on?: string },
  ended?: AbortSignal,
): Promise<AgentConnection> {
  const target = given !== undefined && "kind" in given ? given : await findTarget(io.env, given?.on);
  const [{ createAgentClient }, { agentFetch }] = await Promise.all([
    import("@ws/rpc-contract/client"),
    import("./sockets/agent-fetch.ts"),
  ]);
  const url = target.kind === "http" ? target.url : "http://localhost";
  const client = createAgentClient({
    url: `${url}${prefixOf(target)}`,
    fetch: await agentFetch(target, ended),
    ...(target.kind === "http" ? { token: () => target.token } : {}),
  });
  return { client, target };
}
