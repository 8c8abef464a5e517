import { toWsError, type Policies, type WorkspacePorts } from "@ws/workspace-core";
import { serveBytes } from "../sockets/serve-bytes.ts";
import type { News } from "../terminals/news.ts";
import type { Visit } from "./visit.ts";

/** Joins whoever came with a port of the workspace. A browser makes hundreds of connections: the audit has what is new in them. */
export function serveConnection(
  visit: Visit,
  {
    port,
    workspaces,
    news,
    now,
  }: {
    port: number;
    workspaces: () => Promise<{
      ports: Pick<WorkspacePorts, "connect">;
      policies: Pick<Policies, "demandExecute">;
    }>;
    news: News;
    now: () => number;
  },
): void {
  serveBytes({
    ...visit,
    now,
    async open(gone) {
      const tell = (outcome: string): void => {
        const isNews = news.tell([visit.who(), visit.admitted()?.workspace, `port ${port}`], outcome);
        if (isNews) visit.audit("connect", outcome, { port: String(port) });
      };
      try {
        const { policies, ports } = await workspaces();
        const name = visit.current();
        // What listens there may run anything, and knows no rules for paths.
        policies.demandExecute(name, { terminal: true }, visit.admitted()?.caller.policy);
        const channel = await ports.connect(name, port, gone);
        tell("ok");
        return channel;
      } catch (error) {
        if (!gone.aborted) tell(toWsError(error).code);
        throw error;
      }
    },
  });
}
