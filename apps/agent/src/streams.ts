import { CLOSE } from "@ws/rpc-contract/frames";
import type { Clock, Log, Policies, WorkspacePorts, Workspaces } from "@ws/workspace-core";
import type { WebSocket } from "ws";
import { createTerminalAudit } from "./audit/terminals.ts";
import type { Authenticator } from "./access/authenticate.ts";
import type { Sessions } from "./access/sessions.ts";
import type { SocketRoute } from "./http/routes.ts";
import type { OpenedSocket, Sockets } from "./http/sockets.ts";
import type { TerminalSockets } from "./rpc/context.ts";
import type { Report } from "./rpc/report.ts";
import type { Redactor } from "./log/redact.ts";
import type { Crowd } from "./ssh/crowd.ts";
import type { HostKey } from "./ssh/host-key.ts";
import type { LentAgents } from "./ssh/lent.ts";
import type { State } from "./store/store.ts";
import type { Visit } from "./streams/visit.ts";
import type { Hubs } from "./terminals/hubs.ts";
import { createNews } from "./terminals/news.ts";

export interface StreamsOptions {
  authenticator: Authenticator;
  sessions: Pick<Sessions, "use">;
  state: Pick<State, "workspaces" | "audit" | "sshKeys">;
  crowd: Crowd;
  lent: LentAgents;
  /** The worker's own for SSH. */
  hostKey: () => Promise<HostKey>;
  report: Report;
  /** Resolves once records and runtimes agree. */
  workspaces: () => Promise<
    Pick<Workspaces, "run" | "terminals" | "enter"> & {
      ports: Pick<WorkspacePorts, "connect">;
      policies: Pick<Policies, "demandExecute">;
    }
  >;
  redactor: Pick<Redactor, "clean">;
  clock: Clock;
  log: Log;
}

/** The WebSockets of terminals and commands, as the server and the procedures use them. */
export interface Streams extends TerminalSockets, AsyncDisposable {
  /** Loaded when the first one asks. */
  sockets: () => Promise<Sockets>;
}

const CLOSING_MS = 500;

export function createStreams(options: StreamsOptions): Streams {
  const { authenticator, state, workspaces, clock } = options;
  const open = new Map<WebSocket, SocketRoute["stream"]>();
  const now = (): number => clock.monotonic();
  const news = createNews();
  const terminalAudit = createTerminalAudit({ audit: state.audit, clock });
  let hubs: Hubs | undefined;
  let loading: Promise<Sockets> | undefined;

  async function load(): Promise<Sockets> {
    const [{ createSockets }, { createVisit }, { serveCommand }, { serveConnection }, { serveViewer }, { createHubs }] =
      await Promise.all([
        import("./http/sockets.ts"),
        import("./streams/visit.ts"),
        import("./streams/exec.ts"),
        import("./streams/connect.ts"),
        import("./streams/terminal.ts"),
        import("./terminals/hubs.ts"),
      ]);
    const { keepAlive } = await import("./terminals/keep-alive.ts");
    const shared = (hubs = createHubs(clock));

    function accept(opened: OpenedSocket): void {
      const { socket, route } = opened;
      open.set(socket, route.stream);
      keepAlive(socket, clock);
      socket.on("close", () => open.delete(socket));
      const visit = createVisit(opened, options);
      if (route.stream === "exec") serveCommand(visit, { workspaces, audit: state.audit, now });
      else if (route.stream === "connect") serveConnection(visit, { port: route.port, workspaces, news, now });
      else if (route.stream === "ssh") void visitBySsh(visit);
      else serveViewer(visit, { workspaces, hubs: shared, terminalAudit, news, clock });
    }

    /** Loaded when the first one asks: who has no SSH client pays nothing for it. */
    async function visitBySsh(visit: Visit): Promise<void> {
      visit.socket.pause();
      const { serveSshVisit } = await import("./streams/ssh.ts");
      // What is closed already tells nobody so again.
      if (visit.socket.readyState === visit.socket.CLOSED) return;
      serveSshVisit(visit, { ...options, news });
      visit.socket.resume();
    }

    const find = (name: string): string | undefined => state.workspaces.getByName(name)?.id;
    return createSockets({ authenticator, find, clock, accept });
  }

  return {
    sockets: () => (loading ??= load()),
    connections: () => [...open.values()].filter((stream) => stream === "terminal").length,
    viewers: (workspace, id) => hubs?.viewers(workspace, id) ?? 0,
    title: (workspace, id) => hubs?.title(workspace, id),
    renamed: (workspace, id, name) => hubs?.renamed(workspace, id, name),
    async [Symbol.asyncDispose]() {
      const sockets = await loading;
      if (sockets === undefined) return;
      const closed = [...open.keys()].map(
        (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
      );
      for (const socket of open.keys()) socket.close(CLOSE.goingAway, "the agent goes away");
      const patience = new AbortController();
      await Promise.race([Promise.all(closed), clock.sleep(CLOSING_MS, patience.signal).catch(() => undefined)]);
      patience.abort();
      hubs?.[Symbol.dispose]();
      sockets[Symbol.dispose]();
    },
  };
}
