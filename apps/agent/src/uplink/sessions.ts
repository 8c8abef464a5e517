import { connect, performServerHandshake, type ClientHttp2Session, type ServerHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { createWebSocketStream, type WebSocket } from "ws";
import { channelOf } from "./channel.ts";
import { LIMITS, type Lane } from "./lanes.ts";

/** The WebSocket of a link takes no larger messages; HTTP/2 makes pieces of 16 KiB. */
export const MAX_PAYLOAD = 1024 * 1024;

/** The hub's end of a link: it opens streams, each with a flow control of its own. */
export interface HubSession {
  /** A new stream to the worker, which is open in both directions at once. */
  open(path: string): Duplex;
  readonly streams: number;
  /** Ends it with everything in it. */
  destroy(): void;
  /** Calls once it is over. */
  onClose(listener: () => void): void;
}

export const WIRE_PATHS = { connection: "/connection", status: "/status" } as const;

export function speakAsHub(socket: WebSocket, lane: Lane): HubSession {
  const { windowBytes, streams: most } = LIMITS[lane];
  const tunnel = tunnelOf(socket);
  const session: ClientHttp2Session = connect("http://worker", {
    createConnection: () => tunnel,
    settings: { initialWindowSize: windowBytes, enablePush: false },
    peerMaxConcurrentStreams: most,
    maxSessionMemory: SESSION_MEGABYTES,
  });
  widen(session);
  const close = endTogether(socket, tunnel, session);
  let streams = 0;
  return {
    open(path) {
      const stream = session.request({ ":method": "POST", ":path": path }, { endStream: false });
      streams += 1;
      stream.once("close", () => (streams -= 1));
      return channelOf(stream);
    },
    get streams() {
      return streams;
    },
    destroy: close,
    onClose: (listener) => void socket.once("close", listener),
  };
}

export interface WorkerSession {
  destroy(): void;
}

/** The worker's end. Streams come as they are opened, answered already. */
export function speakAsWorker(
  socket: WebSocket,
  lane: Lane,
  accept: (stream: Duplex, path: string) => void,
): WorkerSession {
  const { windowBytes, streams } = LIMITS[lane];
  const tunnel = tunnelOf(socket);
  const session: ServerHttp2Session = performServerHandshake(tunnel as never, {
    settings: { initialWindowSize: windowBytes, maxConcurrentStreams: streams },
    maxSessionMemory: SESSION_MEGABYTES,
    // Clients of the hub who go away end their streams; many who do so at once must not end the link.
    streamResetBurst: 1_000_000,
    streamResetRate: 1_000_000,
  });
  widen(session);
  session.on("stream", (stream, headers) => {
    // Before anything else: what fails without being heard would end the agent.
    stream.on("error", () => undefined);
    // It is told a moment after it came, and may be gone by then.
    if (stream.destroyed || stream.closed) return;
    stream.respond({ ":status": 200 });
    accept(channelOf(stream), String(headers[":path"]));
  });
  return { destroy: endTogether(socket, tunnel, session) };
}

const SESSION_MEGABYTES = 256;
const BUFFER_BYTES = 256 * 1024;

/** What all streams may have under way together: the 64 KiB that HTTP/2 begins with would be all that goes in one round trip. */
const SESSION_WINDOW = 64 * 1024 * 1024;

function widen(session: ClientHttp2Session | ServerHttp2Session): void {
  const set = (): void => {
    if (!session.destroyed) session.setLocalWindowSize(SESSION_WINDOW);
  };
  // It has nothing to set it on before.
  if (session.connecting) session.once("connect", set);
  else set();
}

/** Made as soon as the socket is: what comes before somebody listens would be lost. */
function tunnelOf(socket: WebSocket): Duplex {
  return createWebSocketStream(socket, { readableHighWaterMark: BUFFER_BYTES, writableHighWaterMark: BUFFER_BYTES });
}

/** None of the three ends the others in every case by itself. */
function endTogether(socket: WebSocket, tunnel: Duplex, session: ClientHttp2Session | ServerHttp2Session): () => void {
  const end = (): void => {
    session.destroy();
    tunnel.destroy();
    socket.terminate();
  };
  // Why a link ended is told by whoever sees it end; these would end the process.
  for (const part of [tunnel, session]) part.on("error", end);
  session.once("close", end);
  tunnel.once("close", end);
  socket.once("close", end);
  return end;
}
