import {
  CLOSE,
  EARLY_LIMIT,
  UNACKED_LIMIT,
  type TerminalClientFrame,
  type TerminalServerFrame,
} from "@ws/rpc-contract/frames";
import { toWsError, type Clock, type WorkspaceTerminals, type WsError } from "@ws/workspace-core";
import type { RawData, WebSocket } from "ws";
import { createAckWindow } from "./ack-window.ts";
import { parseTerminalFrame } from "./client-frames.ts";
import type { Failure, ReportFailure } from "./failure.ts";
import type { Ending, Hub, Viewer } from "./hub.ts";
import type { Hubs } from "./hubs.ts";
import { createSocketWriter } from "./socket-writer.ts";
import { view } from "./view.ts";

export interface TerminalSocketOptions {
  socket: WebSocket;
  /** Id of the workspace; asked once it is known who this is. */
  workspace: () => string;
  /** Whether the handshake has said who this is. */
  known: boolean;
  /** Judges a token that came as the first message; a number is the code to close with. */
  authenticate: (token: string) => number | undefined;
  terminals: () => Promise<WorkspaceTerminals>;
  report: ReportFailure;
  hubs: Hubs;
  clock: Clock;
}

type Attach = Extract<TerminalClientFrame, { type: "attach" }>;

/**
 * Serves one viewer of a terminal, from its first frame. Nothing is opened before the viewer is known and has
 * attached; one that begins with `resize` is the plain client, which gets the bytes of `main` and no frames.
 */
export function serveTerminal(options: TerminalSocketOptions): void {
  const { socket, authenticate, terminals, report, hubs, clock } = options;
  const writer = createSocketWriter(socket);
  const gone = new AbortController();
  const now = (): number => clock.monotonic();
  let { known } = options;
  let window = createAckWindow(Infinity, now, gone.signal);
  let viewer: Viewer | undefined;
  let framed = true;
  let joined: Hub | undefined;
  let early: Buffer[] = [];

  socket.on("error", () => undefined);
  socket.on("close", () => gone.abort());
  socket.on("message", (data: RawData, binary: boolean) => {
    if (socket.readyState !== socket.OPEN) return;
    const bytes = data as Buffer;
    if (!binary) onFrame(parseTerminalFrame(bytes.toString()));
    else if (known) type(bytes);
    else socket.close(CLOSE.unauthorized, "a token must come first");
  });

  function say(frame: TerminalServerFrame): void {
    if (framed) writer.text(frame);
  }

  function onFrame(frame: TerminalClientFrame | undefined): void {
    if (!known) {
      const refusal = frame?.type === "auth" ? authenticate(frame.token) : CLOSE.unauthorized;
      if (refusal !== undefined) return socket.close(refusal, "a token must come first");
      known = true;
      return;
    }
    switch (frame?.type) {
      case "attach":
        if (viewer === undefined) return begin(frame, true);
        return socket.close(CLOSE.protocol, "attached already");
      case "resize":
        return resize(frame);
      case "ack":
        return window.ack(frame.offset);
      case "ping":
        return writer.text({ type: "pong" } satisfies TerminalServerFrame);
      case "auth":
        return;
      case undefined:
        return socket.close(CLOSE.protocol, "not a frame of this protocol");
    }
  }

  function resize({ cols, rows }: { cols: number; rows: number }): void {
    if (viewer === undefined) return begin({ type: "attach", cols, rows }, false);
    viewer.size = { cols, rows };
    viewer.knows = viewer.size;
    joined?.resize(viewer, viewer.size);
  }

  function begin(attach: Attach, isFramed: boolean): void {
    framed = isFramed;
    if (attach.ack === true) window = createAckWindow(UNACKED_LIMIT, now, gone.signal);
    const size = { cols: attach.cols, rows: attach.rows };
    const me: Viewer = {
      size,
      knows: size,
      resized: (next) => say({ type: "size", ...next }),
    };
    viewer = me;
    serve(attach, me).then(finish, fail);
  }

  async function serve({ terminal = "main", create = true, since, command }: Attach, me: Viewer): Promise<Ending> {
    const hub = await hubs.attach({
      workspace: options.workspace(),
      terminals,
      terminal,
      create,
      size: me.size,
      ...(command === undefined ? {} : { command: command as [string, ...string[]] }),
    });
    gone.signal.throwIfAborted();
    using _seat = { [Symbol.dispose]: hub.join(me) };
    joined = hub;
    for (const bytes of early.splice(0)) type(bytes);
    const client = { gone: gone.signal, frame: say, send: writer.bytes };
    return await view({ hub, viewer: me, terminal, client, window, clock, since });
  }

  function type(bytes: Buffer): void {
    if (joined !== undefined && viewer !== undefined) {
      const full = joined.type(viewer, bytes);
      if (full === undefined) return;
      // It waits as the program's terminal does, and so does whoever types into it.
      socket.pause();
      void full.finally(() => socket.resume());
      return;
    }
    early = [...early, bytes];
    if (early.reduce((sum, part) => sum + part.length, 0) > EARLY_LIMIT)
      socket.close(CLOSE.protocol, "nothing is attached");
  }

  function finish(ending: Ending): void {
    // The client goes on at its offset when it has come back.
    if ("error" in ending) return end(report(ending.error), CLOSE.goingAway);
    say({ type: "exit", code: ending.exit.code });
    socket.close(CLOSE.normal, "the program ended");
  }

  function fail(error: unknown): void {
    if (gone.signal.aborted) return;
    const failure = toWsError(error);
    end(report(failure), closeCode(failure));
  }

  function end(failure: Failure, code: number): void {
    say({ type: "error", ...failure });
    socket.close(code, asReason(failure));
  }
}

/** How a socket ends whose terminal could not be opened. */
function closeCode({ code }: WsError): number {
  if (code === "workspace_not_running") return CLOSE.notRunning;
  if (code === "workspace_not_found" || code === "terminal_not_found") return CLOSE.notFound;
  if (code === "invalid_input") return CLOSE.protocol;
  // What is lost comes back, and then so does the client; what is broken stays so.
  return LOST.has(code) ? CLOSE.goingAway : CLOSE.failed;
}

/** For who gets no frames; the protocol holds 123 bytes. */
function asReason({ code, message }: Failure): string {
  return Buffer.from(`${code}: ${message}`).subarray(0, 120).toString();
}

const LOST: ReadonlySet<string> = new Set([
  "engine_unreachable",
  "engine_lost",
  "engine_restarted",
  "box_closed",
  "aborted",
]);
