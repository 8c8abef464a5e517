import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { CLOSE } from "@ws/rpc-contract/frames";
import { WebSocketServer, type WebSocket } from "ws";
import { isWsError } from "@ws/workspace-core";
import { authorize, type FindWorkspace } from "../rpc/access.ts";
import type { Authenticator, Caller } from "./authenticate.ts";
import type { Admission } from "./gate.ts";
import { REFUSALS, refuseUpgrade, type Refusal } from "./refusal.ts";

/** One accepted WebSocket, before its first frame. */
export interface OpenedSocket {
  socket: WebSocket;
  stream: "terminal" | "exec";
  workspace: string;
  /** Absent where the token comes as the first message. */
  caller?: Caller;
  /** Judges a token that came as a message. */
  authenticate: (token: string) => { caller: Caller } | { close: number };
}

export interface SocketsOptions {
  authenticator: Authenticator;
  find: FindWorkspace;
  accept: (opened: OpenedSocket) => void;
}

export interface Sockets extends Disposable {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admission: Admission): void;
}

const AUTH_WITHIN_MS = 10_000;
/** Sockets of one peer that have not said who they are. */
const STRANGERS = 16;

/** Takes upgrades from the gate: authorizes before the handshake where it can, else gives the first message its time. */
export function createSockets({ authenticator, find, accept }: SocketsOptions): Sockets {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: 1024 * 1024,
    // A flood of tiny fragments costs memory far beyond its bytes.
    maxFragments: 1_024,
    maxBufferedChunks: 4_096,
  });
  const strangers = new Map<string, number>();

  function judge(caller: Caller, workspace: string): Refusal | undefined {
    try {
      authorize(caller, { needs: "write", ownWorkspace: true }, workspace, find);
      return undefined;
    } catch (error) {
      return isWsError(error, "forbidden") ? REFUSALS.forbidden(error.data.needs) : REFUSALS.unauthorized(true);
    }
  }

  /** Returns what must be called once it is known, or gone. */
  function admitStranger(socket: WebSocket, peer: string): () => void {
    strangers.set(peer, (strangers.get(peer) ?? 0) + 1);
    const timer = setTimeout(() => socket.close(CLOSE.unauthorized, "no token came"), AUTH_WITHIN_MS);
    let known = false;
    const settle = (): void => {
      if (known) return;
      known = true;
      clearTimeout(timer);
      const left = (strangers.get(peer) ?? 1) - 1;
      if (left === 0) strangers.delete(peer);
      else strangers.set(peer, left);
    };
    socket.once("close", settle);
    return settle;
  }

  return {
    upgrade(request, duplex, head, { route, peer, caller }) {
      const refuse = (refusal: Refusal): void => refuseUpgrade(duplex, request.url ?? "/", refusal);
      if (route.kind !== "socket") return refuse(REFUSALS.notFound());
      const { stream, workspace } = route;
      const refusal = caller === undefined ? undefined : judge(caller, workspace);
      if (refusal !== undefined) return refuse(refusal);
      if (caller === undefined && (strangers.get(peer) ?? 0) >= STRANGERS) return refuse(REFUSALS.throttled(10));
      server.handleUpgrade(request, duplex, head, (socket) => {
        const settle = caller === undefined ? admitStranger(socket, peer) : undefined;
        accept({
          socket,
          stream,
          workspace,
          ...(caller === undefined ? {} : { caller }),
          authenticate(token) {
            const result = authenticator.check(token, peer);
            if ("refusal" in result) return { close: CLOSE.unauthorized };
            if (judge(result.caller, workspace) !== undefined) return { close: CLOSE.forbidden };
            settle?.();
            return result;
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
