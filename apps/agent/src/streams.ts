import { CLOSE } from "@ws/rpc-contract/frames";
import {
  isWsError,
  toWsError,
  workspaceNotFound,
  type Clock,
  type Log,
  type Policies,
  type WorkspaceId,
  type WorkspaceTerminals,
  type Workspaces,
  WsError,
} from "@ws/workspace-core";
import type { WebSocket } from "ws";
import { asExecution } from "./audit/execution.ts";
import type { EndOfBegun } from "./store/audit.ts";
import { createTerminalAudit } from "./audit/terminals.ts";
import type { Authenticator } from "./access/authenticate.ts";
import type { Sessions } from "./access/sessions.ts";
import type { Admitted, OpenedSocket, Sockets } from "./http/sockets.ts";
import type { TerminalSockets } from "./rpc/context.ts";
import type { Report } from "./rpc/report.ts";
import type { Redactor } from "./log/redact.ts";
import type { AuditRecord } from "./store/audit.ts";
import type { State } from "./store/store.ts";
import type { Failure } from "./terminals/failure.ts";
import type { Hubs } from "./terminals/hubs.ts";
import { createNews } from "./terminals/news.ts";

export interface StreamsOptions {
  authenticator: Authenticator;
  sessions: Pick<Sessions, "use">;
  state: Pick<State, "workspaces" | "audit">;
  report: Report;
  /** Resolves once records and runtimes agree. */
  workspaces: () => Promise<Pick<Workspaces, "run" | "terminals"> & { policies: Pick<Policies, "demandExecute"> }>;
  redactor: Pick<Redactor, "clean">;
  clock: Clock;
  log: Log;
}

/** The WebSockets of terminals and commands, as the server and the procedures use them. */
export interface Streams extends TerminalSockets, AsyncDisposable {
  /** Loaded when the first one asks. */
  sockets: () => Promise<Sockets>;
}

type AuditDetails = NonNullable<AuditRecord["details"]>;

const CLOSING_MS = 500;

export function createStreams(options: StreamsOptions): Streams {
  const { authenticator, sessions, state, report, workspaces, redactor, clock, log } = options;
  const open = new Map<WebSocket, OpenedSocket["stream"]>();
  const now = (): number => clock.monotonic();
  const news = createNews();
  const terminalAudit = createTerminalAudit({ audit: state.audit, clock });
  let hubs: Hubs | undefined;
  let loading: Promise<Sockets> | undefined;

  async function load(): Promise<Sockets> {
    const [{ createSockets }, { serveExec }, { serveTerminal }, { createHubs }, { keepAlive, closeSoon }] =
      await Promise.all([
        import("./http/sockets.ts"),
        import("./terminals/exec-socket.ts"),
        import("./terminals/terminal-socket.ts"),
        import("./terminals/hubs.ts"),
        import("./terminals/keep-alive.ts"),
      ]);
    const shared = (hubs = createHubs(clock));

    function accept({ socket, stream, name, admitted: early, authenticate }: OpenedSocket): void {
      let admitted: Admitted | undefined;
      open.set(socket, stream);
      keepAlive(socket, clock);
      socket.on("close", () => open.delete(socket));
      socket.on("error", (error) => log.debug("a socket failed", { stream, workspace: name, error }));
      if (early !== undefined) admit(early);

      function admit(by: Admitted): void {
        admitted = by;
        const { token } = by.caller;
        if (token === undefined) return;
        const { id, gone } = token;
        const end = (): void => {
          const reason = isWsError(gone.reason, "unauthorized") ? gone.reason.data.reason : undefined;
          closeSoon(socket, clock, CLOSE.unauthorized, reason ?? "");
        };
        gone.addEventListener("abort", end, { once: true });
        socket.on("close", () => gone.removeEventListener("abort", end));
        // Pings and acknowledgements come by themselves, bytes from somebody.
        socket.on("message", (_data, binary) => {
          if (binary) sessions.use(id);
        });
      }

      /** What the one who was admitted was admitted to, by the name it has now. */
      function current(): string {
        const record =
          admitted?.workspace === undefined ? undefined : state.workspaces.get(admitted.workspace as WorkspaceId);
        if (record !== undefined && record.phase !== "cleaned_up") return record.name;
        const notFound = workspaceNotFound(name, state.workspaces);
        if (admitted?.caller.scope !== "workspace") throw notFound;
        // Who may enter one workspace only is not told what another is called.
        throw new WsError(notFound.code, { message: notFound.message, data: notFound.data });
      }

      const audit = (action: string, outcome: string, details?: AuditDetails): void => {
        const { who } = admitted?.caller ?? { who: "unknown" };
        state.audit.append({ who, action, target: name, outcome, ...(details === undefined ? {} : { details }) });
      };
      const common = {
        socket,
        now,
        known: early !== undefined,
        report(error: WsError): Failure {
          const { message, data } = report(error, admitted?.workspace as WorkspaceId | undefined);
          return { code: data.code, message, ...(data.next === undefined ? {} : { next: data.next }) };
        },
        authenticate(token: string): { close: number; reason: string } | undefined {
          const result = authenticate(token);
          if ("close" in result) return result;
          admit(result);
          return undefined;
        },
      };
      const clean = (text: string): string => redactor.clean(text, admitted?.workspace as WorkspaceId | undefined);
      if (stream === "exec") {
        let begunAt = now();
        let begun: EndOfBegun | undefined;
        serveExec({
          ...common,
          async run(argv, run) {
            begunAt = now();
            const core = await workspaces();
            const name = current();
            core.policies.demandExecute(name, { command: argv, env: run.env }, admitted?.caller.policy);
            const { who = "unknown" } = admitted?.caller ?? {};
            const details = asExecution({ command: argv, cwd: run.cwd, env: run.env }, clean);
            begun = state.audit.begin({ who, action: "exec", target: name, details });
            return core.run(name, argv, run);
          },
          over({ outcome, ...ran }) {
            const details = asExecution({ ...ran, ms: now() - begunAt }, clean);
            if (begun === undefined) audit("exec", outcome, details);
            else begun({ outcome, details });
          },
        });
        return;
      }
      serveTerminal({
        ...common,
        // No id looks like this, so that nobody is shown the terminal of another.
        workspace: () => admitted?.workspace ?? `none: ${name}`,
        watch: () => admitted?.watch,
        hubs: { ...shared, attach },
        clock,
        async terminals() {
          const core = await workspaces();
          return core.terminals(current());
        },
      });

      /** Each viewer by itself: of several who look at one terminal, only the first opens it. */
      async function attach(request: Parameters<Hubs["attach"]>[0]): ReturnType<Hubs["attach"]> {
        const watches = admitted?.watch !== undefined;
        const asked = request.id ?? request.terminal;
        const details: AuditDetails = { terminal: asked, ...(watches ? { readOnly: "true" } : {}) };
        const terminals = async (): Promise<WorkspaceTerminals> =>
          terminalAudit.over(await request.terminals(), {
            workspace: request.workspace,
            target: name,
            who: admitted?.caller.who ?? "unknown",
            opened: () => Object.assign(details, { opened: "true" }, asExecution(request, clean)),
          });
        const isNews = (outcome: string): boolean =>
          news.tell([admitted?.caller.who, request.workspace, asked], outcome);
        try {
          const { policies } = await workspaces();
          // Who only looks runs nothing.
          if (!watches) policies.demandExecute(current(), { terminal: true }, admitted?.caller.policy);
          const hub = await shared.attach({ ...request, terminals });
          isNews("ok");
          audit("terminal", "ok", { ...details, terminal: hub.name() });
          return hub;
        } catch (error) {
          const { code } = toWsError(error);
          if (isNews(code)) audit("terminal", code, details);
          throw error;
        }
      }
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
