import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { finished } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CLOSE } from "@ws/rpc-contract/frames";
import { isWsError, toWsError, WsError, type Clock, type Log } from "@ws/workspace-core";
import type { Caller } from "../access/caller.ts";
import { refuse, refuseUpgrade, type Refusal } from "../http/refusal.ts";
import { wireRefusal } from "../http/wire-refusal.ts";
import { headersFor } from "./caller.ts";
import { answerHeaders, askedHeaders, switchedHead } from "./headers.ts";
import type { Lane } from "./lanes.ts";
import type { Links } from "./links.ts";
import { WIRE_PATHS } from "./sessions.ts";
import { createWholeFrames } from "./whole-frames.ts";

/** A socket whose token has ended is told so, and cut off where it does not leave in that time. */
const FAREWELL_MS = 1_000;

/** What `/on/NAME/…` asks for. */
export interface Forwarded {
  worker: string;
  /** The rest of the address, with its query. */
  path: string;
  lane: Lane;
  caller: Caller;
}

export interface Proxy {
  forward(request: IncomingMessage, response: ServerResponse, to: Forwarded): Promise<void>;
  /** The same for what becomes a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, to: Forwarded): void;
}

/** Leads requests to workers, each over a stream of its own; whoever reads slowly slows the one who writes, and nobody else. */
export function createProxy({
  links,
  clock,
  log,
}: {
  links: Pick<Links, "open">;
  clock: Pick<Clock, "sleep">;
  log: Log;
}): Proxy {
  function send(request: IncomingMessage, { worker, path, lane, caller }: Forwarded) {
    // Opened first, so that what cannot be reached is refused before anything of the request is read.
    const stream = links.open(worker, lane, WIRE_PATHS.connection);
    stream.on("error", (error) => log.debug("a request to a worker broke", { worker, error }));
    const sent = { stream, leave: (): void => void stream.destroy() };
    const end = (): void => sent.leave();
    const { gone } = caller.token ?? {};
    gone?.addEventListener("abort", end, { once: true });
    stream.once("close", () => gone?.removeEventListener("abort", end));
    try {
      // It may have been revoked between the gate and here.
      gone?.throwIfAborted();
      const outgoing = httpRequest({
        createConnection: () => stream,
        method: request.method ?? "GET",
        path,
        headers: { ...askedHeaders(request), host: "worker", ...headersFor(caller) },
      });
      return Object.assign(sent, { outgoing });
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    async forward(request, response, to) {
      try {
        const { outgoing, stream } = send(request, to);
        if (response.destroyed) stream.destroy();
        response.once("close", () => stream.destroy());
        const answered = new Promise<IncomingMessage>((resolve, reject) => {
          outgoing.once("response", resolve);
          outgoing.on("error", reject);
          outgoing.once("close", () => reject(new Error("it was closed")));
        });
        // What is refused while it is sent is told by the answer, so the rest is left unread and not cut off.
        request.on("error", () => stream.destroy());
        outgoing.once("close", () => request.unpipe(outgoing));
        request.pipe(outgoing);
        const answer = await answered.catch((error: unknown) => Promise.reject(cutOff(to.worker, error)));
        response.writeHead(answer.statusCode ?? 502, answerHeaders(answer));
        await pipeline(answer, response).catch((error: unknown) => {
          log.debug("an answer of a worker broke", { worker: to.worker, error });
          // What is cut short must not be taken for a whole.
          response.destroy();
        });
      } catch (error) {
        if (response.headersSent || response.destroyed) return void response.destroy();
        refuse(request, response, refusalOf(error));
      }
    },
    upgrade(request, socket, head, to) {
      let sent: ReturnType<typeof send>;
      try {
        sent = send(request, to);
      } catch (error) {
        return refuseUpgrade(socket, request.url ?? "/", refusalOf(error));
      }
      const { outgoing, stream } = sent;
      if (socket.destroyed) stream.destroy();
      socket.once("close", () => stream.destroy());
      outgoing.on("error", (error) => {
        if (socket.writable) refuseUpgrade(socket, request.url ?? "/", refusalOf(cutOff(to.worker, error)));
      });
      outgoing.once("response", (answer) => {
        outgoing.removeAllListeners("error").on("error", () => socket.destroy());
        socket.write(switchedHead(answer, { connection: "close" }));
        pipeline(answer, socket).catch(() => socket.destroy());
      });
      outgoing.once("upgrade", (answer: IncomingMessage, _stream: Duplex, first: Buffer) => {
        outgoing.removeAllListeners("error").on("error", () => socket.destroy());
        socket.write(switchedHead(answer, { connection: "Upgrade", upgrade: "websocket" }));
        const frames = createWholeFrames();
        frames.write(first);
        stream.write(head);
        stream.pipe(frames).pipe(socket);
        socket.pipe(stream);
        socket.on("error", () => socket.destroy());
        finished(stream, (error) => {
          if (error && !frames.isFinishing()) socket.destroy();
        });
        sent.leave = () => {
          // Nothing more of it reaches the worker.
          socket.unpipe(stream).resume();
          const { reason } = to.caller.token?.gone ?? {};
          frames.finish(CLOSE.unauthorized, isWsError(reason, "unauthorized") ? (reason.data.reason ?? "") : "");
          frames.once("end", () => stream.destroy());
          const left = new AbortController();
          socket.once("close", () => left.abort());
          clock.sleep(FAREWELL_MS, left.signal).then(
            () => {
              stream.destroy();
              socket.destroy();
            },
            () => undefined,
          );
        };
      });
      outgoing.end();
    },
  };
}

function cutOff(worker: string, cause: unknown): WsError<"worker_offline"> {
  return new WsError("worker_offline", {
    message: `The link to the worker '${worker}' broke before it answered; whether it did what was asked is not known.`,
    next: "Look whether it was done, then repeat it when the worker is back: ws worker list.",
    data: { worker },
    cause,
  });
}

function refusalOf(error: unknown): Refusal {
  return wireRefusal(toWsError(error));
}
