import { CLOSE } from "@ws/rpc-contract/frames";
import { isWsError, workspaceNotFound, type Clock, type Log, type WorkspaceId, WsError } from "@ws/workspace-core";
import type { WebSocket } from "ws";
import type { Caller } from "../access/caller.ts";
import type { Sessions } from "../access/sessions.ts";
import type { Admitted, OpenedSocket } from "../http/sockets.ts";
import type { Redactor } from "../log/redact.ts";
import type { Report } from "../rpc/report.ts";
import type { AuditRecord } from "../store/audit.ts";
import type { State } from "../store/store.ts";
import { closeSoon } from "../terminals/keep-alive.ts";
import type { Failure } from "../terminals/failure.ts";

export type AuditDetails = NonNullable<AuditRecord["details"]>;

/** One socket, and whoever came with it, as what is served over it needs them. */
export interface Visit {
  readonly socket: WebSocket;
  /** The workspace's name as it was asked for. */
  readonly name: string;
  /** Whether the handshake has said who this is. */
  readonly known: boolean;
  /** Judges a token that came as the first message; what is returned is what to close with. */
  authenticate: (token: string) => { close: number; reason: string } | undefined;
  /** Undefined while nobody is admitted. */
  admitted(): Admitted | undefined;
  /** How the audit names who it is. */
  who(): string;
  /** What the one who was admitted was admitted to, by the name it has now. Throws `workspace_not_found`. */
  current(): string;
  audit(action: string, outcome: string, details?: AuditDetails): void;
  report(error: WsError): Failure;
  clean(text: string): string;
}

export interface VisitOptions {
  sessions: Pick<Sessions, "use">;
  state: Pick<State, "workspaces" | "audit">;
  report: Report;
  redactor: Pick<Redactor, "clean">;
  clock: Clock;
  log: Log;
}

/** The socket is closed when the token that opened it ends. */
export function createVisit(
  { socket, route, admitted: early, authenticate }: OpenedSocket,
  { sessions, state, report, redactor, clock, log }: VisitOptions,
): Visit {
  const { workspace: name, stream } = route;
  let admitted: Admitted | undefined;
  const id = (): WorkspaceId | undefined => admitted?.workspace as WorkspaceId | undefined;
  const who = (): string => admitted?.caller.who ?? "unknown";
  socket.on("error", (error) => log.debug("a socket failed", { stream, workspace: name, error }));
  if (early !== undefined) admit(early);

  function admit(by: Admitted): void {
    admitted = by;
    const { token } = by.caller;
    if (token !== undefined) follow(token);
  }

  function follow({ id: token, gone }: NonNullable<Caller["token"]>): void {
    const end = (): void => {
      const reason = isWsError(gone.reason, "unauthorized") ? gone.reason.data.reason : undefined;
      closeSoon(socket, clock, CLOSE.unauthorized, reason ?? "");
    };
    // Between the handshake and here it may have ended already.
    if (gone.aborted) return end();
    gone.addEventListener("abort", end, { once: true });
    socket.on("close", () => gone.removeEventListener("abort", end));
    // Pings and acknowledgements come by themselves, bytes from somebody.
    socket.on("message", (_data, binary) => {
      if (binary) sessions.use(token);
    });
  }

  return {
    socket,
    name,
    known: early !== undefined,
    authenticate(token) {
      const result = authenticate(token);
      if ("close" in result) return result;
      admit(result);
      return undefined;
    },
    admitted: () => admitted,
    who,
    current() {
      const own = id();
      const record = own === undefined ? undefined : state.workspaces.get(own);
      if (record !== undefined && record.phase !== "cleaned_up") return record.name;
      const notFound = workspaceNotFound(name, state.workspaces);
      if (admitted?.caller.scope !== "workspace") throw notFound;
      // Who may enter one workspace only is not told what another is called.
      throw new WsError(notFound.code, { message: notFound.message, data: notFound.data });
    },
    audit(action, outcome, details) {
      state.audit.append({
        who: who(),
        action,
        target: name,
        outcome,
        ...(details === undefined ? {} : { details }),
      });
    },
    report(error) {
      const { message, data } = report(error, id());
      return { code: data.code, message, ...(data.next === undefined ? {} : { next: data.next }) };
    },
    clean: (text) => redactor.clean(text, id()),
  };
}
