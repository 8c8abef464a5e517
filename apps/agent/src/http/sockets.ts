import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CLOSE } from "@ws/rpc-contract/frames";
import { WebSocketServer, type WebSocket } from "ws";
import { isWsError, type Clock } from "@ws/workspace-core";
import type { Authenticator } from "../access/authenticate.ts";
import type { Caller } from "../access/caller.ts";
import { authorize, type FindWorkspace } from "../access/authorize.ts";
import type { Admission } from "./gate.ts";
import type { SocketRoute } from "./routes.ts";
import { REFUSALS, refuseUpgrade, type Refusal } from "./refusal.ts";

/** Somebody who may use a workspace's sockets. */
export interface Admitted {
  caller: Caller;
  /** Id of the workspace that had the name when this was judged; undefined where none had. The name may go to another later. */
  workspace: string | undefined;
  /** Present where this caller may only look at terminals, or at one of them. */
  watch?: { terminal?: string };
}

/** One accepted WebSocket, before its first frame. */
export interface OpenedSocket {
  socket: WebSocket;
  /** What was asked for, by the workspace's name as it was then. */
  route: SocketRoute;
  /** Absent where the token comes as the first message. */
  admitted?: Admitted;
  /** Judges a token that came as a message. */
  authenticate: (token: string) => Admitted | { close: number; reason: string };
}

export interface SocketsOptions {
  authenticator: Authenticator;
  find: FindWorkspace;
  clock: Pick<Clock, "sleep">;
  accept: (opened: OpenedSocket) => void;
}

export interface Sockets extends Disposable {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void;
}

const AUTH_WITHIN_MS = 5_000;
/** Sockets of one peer that have not said who they are. */
const STRANGERS = 256;

/** Takes upgrades from the gate: authorizes before the handshake where it can, else gives the first message its time. */
export function createSockets({ authenticator, find, clock, accept }: SocketsOptions): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
    // A flood of tiny fragments costs memory far beyond its bytes.
    maxFragments: 1_024,
    maxBufferedChunks: 4_096,
  });
  const strangers = new Map<string, number>();

  function judge(caller: Caller, name: string, stream: SocketRoute["stream"]): Admitted | { refusal: Refusal } {
    const workspace = find(name);
    const mayWatch = stream === "terminal" ? watchOf(caller, workspace) : undefined;
    if (mayWatch?.terminal !== undefined) return { caller, workspace, watch: mayWatch };
    const judgeFor = (needs: "read" | "write"): void =>
      authorize(caller, { needs, ownWorkspace: true }, { name }, () => workspace);
    try {
      judgeFor(mayWatch === undefined ? "write" : "read");
      return { caller, workspace, ...(mayWatch === undefined ? {} : { watch: mayWatch }) };
    } catch (error) {
      return {
        refusal: isWsError(error, "forbidden")
          ? REFUSALS.forbidden(error.data.needs)
          : REFUSALS.unauthorized("missing"),
      };
    }
  }

  /** Returns what must be called once it is known, or gone. */
  function admitStranger(socket: WebSocket, peer: string): () => void {
    strangers.set(peer, (strangers.get(peer) ?? 0) + 1);
    const known = new AbortController();
    clock.sleep(AUTH_WITHIN_MS, known.signal).then(
      () => socket.close(CLOSE.unauthorized, "missing"),
      () => undefined,
    );
    const settle = (): void => {
      if (known.signal.aborted) return;
      known.abort();
      const left = (strangers.get(peer) ?? 1) - 1;
      if (left === 0) strangers.delete(peer);
      else strangers.set(peer, left);
    };
    socket.once("close", settle);
    return settle;
  }

  return {
    upgrade(request, duplex, head, { route, peer, caller, watches }) {
      const refuse = (refusal: Refusal): void => refuseUpgrade(duplex, request.url ?? "/", refusal);
      if (route.kind !== "socket") return refuse(REFUSALS.notFound());
      const { stream, workspace: name } = route;
      const verdict = caller === undefined ? undefined : judge(caller, name, stream);
      if (verdict !== undefined && "refusal" in verdict) return refuse(verdict.refusal);
      if (caller === undefined && (strangers.get(peer) ?? 0) >= STRANGERS) return refuse(REFUSALS.throttled(10));
      server.handleUpgrade(request, duplex, head, (socket) => {
        const settle = caller === undefined ? admitStranger(socket, peer) : undefined;
        accept({
          socket,
          route,
          ...(verdict === undefined ? {} : { admitted: verdict }),
          authenticate(token) {
            const result = authenticator.check(token, peer);
            // Which may pass, and says nothing of this token.
            if ("waitSeconds" in result) return { close: CLOSE.goingAway, reason: "too many wrong tokens" };
            if ("reason" in result) return { close: CLOSE.unauthorized, reason: result.reason };
            if (watches === true && result.caller.handler?.kind !== "terminal") {
              return { close: CLOSE.forbidden, reason: "" };
            }
            const late = judge(result.caller, name, stream);
            if ("refusal" in late) return { close: CLOSE.forbidden, reason: "" };
            settle?.();
            return late;
          },
        });
      });
    },
    [Symbol.dispose]() {
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/** Who may look and not type: a token that reads, and one that shares a terminal, of its own workspace only. */
function watchOf({ scope, handler, workspace: own }: Caller, asked: string | undefined): Admitted["watch"] {
  if (handler?.kind === "terminal") {
    return asked !== undefined && asked === own ? { terminal: handler.settings.terminal } : undefined;
  }
  return scope === "read" ? {} : undefined;
}
