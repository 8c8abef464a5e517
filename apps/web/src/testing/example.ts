import type { AgentClient } from "@ws/rpc-contract/client";
import { createConnection } from "@ws/rpc-contract/connection";
import { createLive } from "../live/live.ts";

/** Says which workspaces run, now and at every change, over every loss of the connection. Returns what stops it. */
export function watchRunning(client: AgentClient, say: (names: string[]) => void): () => void {
  const live = createLive({
    open: (signal) => client.workspaces.events({}, { signal }),
    connection: createConnection(),
  });
  live.workspaces.subscribe(() => {
    const { connection, workspaces = [] } = live.workspaces.state();
    if (connection === "live") say(workspaces.filter(({ status }) => status === "running").map(({ name }) => name));
  });
  live.start();
  return live.stop;
}
