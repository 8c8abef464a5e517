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
import type { Claim } from "./inputs.ts";
import { createSocketWriter } from "../sockets/socket-writer.ts";
import { view } from "./view.ts";

export interface TerminalSocketOptions {
  socket: WebSocket;
  /** Id of the workspace; asked once it is known who this is. */
  workspace: () => string;
  /** Whether the handshake has said who this is. */
  known: boolean;
  /** Judges a token that came as the first message; what is returned is what to close with. */
  authenticate: (token: string) => { close: number; reason: string } | undefined;
  /** Present where this one may only look, at one terminal, by its id, or at all; asked once it is known who this is. */
  watch?: () => { terminal?: string } | undefined;
  terminals: () => Promise<WorkspaceTerminals>;
  report: ReportFailure;
  hubs: Hubs;
  clock: Clock;
}

const ALIVE_MS = 3_000;
const NOT_SHARED: Failure = {
  code: "forbidden",
  message: "This token is for watching another terminal.",
  next: "Ask whoever shared it for a link to this one.",
};

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
  let claim: Claim | undefined;
  let early: Buffer[] = [];

  socket.on("error", () => undefined);
  socket.on("close", () => gone.abort());
  socket.on("message", (data: RawData, binary: boolean) => {
    if (socket.readyState !== socket.OPEN) return;
    const bytes = data as Buffer;
    if (!binary) onFrame(parseTerminalFrame(bytes.toString()));
    else if (known) type(bytes);
    else socket.close(CLOSE.unauthorized, "missing");
  });

  function say(frame: TerminalServerFrame): void {
    if (framed) writer.text(frame);
  }

  function onFrame(frame: TerminalClientFrame | undefined): void {
    if (!known) {
      const refusal =
        frame?.type === "auth" ? authenticate(frame.token) : { close: CLOSE.unauthorized, reason: "missing" };
      if (refusal !== undefined) return socket.close(refusal.close, refusal.reason);
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
    if (viewer.readOnly === true) return;
    viewer.size = { cols, rows };
    viewer.knows = viewer.size;
    joined?.resize(viewer, viewer.size);
  }

  function begin(asked: Attach, isFramed: boolean): void {
    framed = isFramed;
    const watch = options.watch?.();
    const shared = watch?.terminal;
    if (shared !== undefined && shared !== (asked.id ?? asked.terminal ?? "main")) {
      return end(NOT_SHARED, CLOSE.forbidden);
    }
    // Its name may be another's by now.
    const attach = shared === undefined ? asked : { ...asked, id: shared };
    const readOnly = watch !== undefined || attach.readOnly === true;
    if (attach.ack === true) window = createAckWindow(UNACKED_LIMIT, now, gone.signal);
    const size = { cols: attach.cols, rows: attach.rows };
    const me: Viewer = {
      size,
      readOnly,
      knows: size,
      resized: (next) => say({ type: "size", ...next }),
    };
    viewer = me;
    serve(attach, me).then(finish, fail);
  }

  async function serve(
    { terminal = "main", id, create = true, since, command, input }: Attach,
    me: Viewer,
  ): Promise<Ending> {
    const hub = await hubs.attach({
      workspace: options.workspace(),
      terminals,
      terminal,
      ...(id === undefined ? {} : { id }),
      create: create && me.readOnly !== true,
      size: me.size,
      ...(command === undefined ? {} : { command: command as [string, ...string[]] }),
    });
    gone.signal.throwIfAborted();
    using _seat = { [Symbol.dispose]: hub.join(me) };
    joined = hub;
    if (input !== undefined && me.readOnly !== true) {
      claim = hub.claim(input, {
        // What is left in the old socket comes again over the new one.
        superseded: () => socket.terminate(),
        taken: (offset, lost) => say({ type: "taken", offset, lost }),
      });
    }
    using _claim = { [Symbol.dispose]: () => claim?.release() };
    for (const bytes of early.splice(0)) type(bytes);
    const client = { gone: gone.signal, frame: say, send: writer.bytes };
    return await view({ hub, viewer: me, client, window, clock, since, input: claim?.answer });
  }

  function type(bytes: Buffer): void {
    // A client that was told so and types all the same is not answered at each key.
    if (viewer?.readOnly === true) return;
    if (joined !== undefined && viewer !== undefined) {
      const settled = claim?.received(bytes.length);
      if (claim !== undefined && settled === undefined) return;
      const full = joined.type(viewer, bytes, settled);
      if (full !== undefined) waitFor(full);
      return;
    }
    early = [...early, bytes];
    if (early.reduce((sum, part) => sum + part.length, 0) > EARLY_LIMIT)
      socket.close(CLOSE.protocol, "nothing is attached");
  }

  /** It waits as the program's terminal does, and so does whoever types into it. */
  function waitFor(room: Promise<void>): void {
    const over = new AbortController();
    socket.pause();
    // A paused socket hears no ping, and who gets no answer takes the agent for gone.
    const tell = async (): Promise<never> => {
      for (;;) {
        await clock.sleep(ALIVE_MS, AbortSignal.any([over.signal, gone.signal]));
        writer.text({ type: "pong" } satisfies TerminalServerFrame);
      }
    };
    if (framed) tell().catch(() => undefined);
    void room.finally(() => {
      over.abort();
      socket.resume();
    });
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
