import { CLOSE } from "@ws/rpc-contract/frames";
import type { Clock, Log, Workspaces } from "@ws/workspace-core";
import type { WebSocket } from "ws";
import type { Authenticator, Caller } from "./http/authenticate.ts";
import type { OpenedSocket, Sockets } from "./http/sockets.ts";
import type { TerminalSockets } from "./rpc/context.ts";
import type { State } from "./store/store.ts";
import type { Hubs } from "./terminals/hubs.ts";

export interface StreamsOptions {
  authenticator: Authenticator;
  state: State;
  /** Resolves once records and runtimes agree. */
  workspaces: () => Promise<Workspaces>;
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
  const { authenticator, state, workspaces, clock, log } = options;
  const open = new Map<WebSocket, { stream: OpenedSocket["stream"]; caller: Caller | undefined }>();
  const idOf = (name: string): string | undefined => state.workspaces.getByName(name)?.id;
  const now = (): number => clock.monotonic();
  let hubs: Hubs | undefined;
  let loading: Promise<Sockets> | undefined;

  async function load(): Promise<Sockets> {
    const [{ createSockets }, { serveExec }, { serveTerminal }, { createHubs }, { keepAlive }] = await Promise.all([
      import("./http/sockets.ts"),
      import("./terminals/exec-socket.ts"),
      import("./terminals/terminal-socket.ts"),
      import("./terminals/hubs.ts"),
      import("./terminals/keep-alive.ts"),
    ]);
    const shared = (hubs = createHubs(clock));

    function accept({ socket, stream, workspace, caller, authenticate }: OpenedSocket): void {
      const entry = { stream, caller };
      open.set(socket, entry);
      keepAlive(socket, clock);
      socket.on("close", () => open.delete(socket));
      socket.on("error", (error) => log.debug("a socket failed", { stream, workspace, error }));
      const audit = (action: string, outcome: string): void => {
        state.audit.append({ who: entry.caller?.who ?? "unknown", action, target: workspace, outcome });
      };
      const common = {
        socket,
        now,
        known: caller !== undefined,
        authenticate(token: string): number | undefined {
          const result = authenticate(token);
          if ("close" in result) return result.close;
          entry.caller = result.caller;
          return undefined;
        },
      };
      if (stream === "exec") {
        serveExec({
          ...common,
          run: async (argv, run) => (await workspaces()).run(workspace, argv, run),
          over: (outcome) => audit("exec", outcome),
        });
        return;
      }
      serveTerminal({
        ...common,
        // By id, so that viewers stay together when the workspace is renamed.
        workspace: idOf(workspace) ?? workspace,
        hubs: shared,
        clock,
        async terminals() {
          const terminals = await (await workspaces()).terminals(workspace);
          audit("terminal", "ok");
          return terminals;
        },
      });
    }

    return createSockets({ authenticator, find: idOf, accept });
  }

  return {
    sockets: () => (loading ??= load()),
    connections: () => [...open.values()].filter(({ stream }) => stream === "terminal").length,
    viewers: (name, terminal) => hubs?.viewers(idOf(name) ?? name, terminal) ?? 0,
    disconnect(tokenId) {
      for (const [socket, { caller }] of open) {
        if (caller?.tokenId === tokenId) socket.close(CLOSE.unauthorized, "the token was revoked");
      }
    },
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
