import { CLOSE, type TerminalClientFrame, type TerminalServerFrame } from "@ws/rpc-contract/frames";
import { retryDelay } from "../../backoff.ts";
import type { Timers } from "../../clock.ts";
import type { Problem } from "../../problem.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { refusalOf, type RefusalKind } from "./refusals.ts";

/** The part of a browser's WebSocket that is used here. */
export type Socket = Pick<WebSocket, "binaryType" | "send" | "close" | "addEventListener">;

/** Where the bytes go; `parsed` is called once they are on the screen. */
export interface Sink {
  write(bytes: Uint8Array, parsed: () => void): void;
  /** A whole screen that replaces everything, in order with the writes before it. */
  repaint(bytes: Uint8Array, parsed: () => void): void;
  /** Forgets everything, in order with the writes before it. */
  reset(): void;
  /** Another viewer gave the terminal this size. */
  resized(size: { cols: number; rows: number }): void;
}

export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "attached"; durable: boolean }
  /** The screen stays as it was; `unsent` counts keystrokes that went nowhere. */
  | { kind: "reconnecting"; unsent: number }
  | { kind: "ended"; exitCode: number | undefined; reason: string | undefined }
  | { kind: "refused"; refusal: RefusalKind; problem: Problem };

export interface TerminalConnection {
  state(): ConnectionState;
  /** False where the bytes could not be sent: they are not kept, because a late keystroke does harm. */
  send(bytes: Uint8Array<ArrayBuffer>): boolean;
  resize(size: { cols: number; rows: number }): void;
  /** Ends the wait between two attempts. */
  retryNow(): void;
  close(): void;
}

export interface ConnectionOptions {
  open: () => Socket;
  token: () => string | undefined;
  terminal: string;
  create: boolean;
  size: () => { cols: number; rows: number };
  sink: Sink;
  timers: Timers;
  random: () => number;
  onState: (state: ConnectionState) => void;
  /** Bytes that the agent could no longer give us. */
  onSkipped: (bytes: number) => void;
}

/** An acknowledgement for every this many bytes on the screen; well below what the server sends unacknowledged. */
export const ACK_EVERY = 64 * 1024;
/** A large paste goes in pieces: a server limits one message. */
export const SEND_AT_MOST = 64 * 1024;
const ATTACH_WITHIN_MS = 15_000;

/** One terminal over a socket that comes back by itself, at the byte where it was lost. */
export function connectTerminal(options: ConnectionOptions): TerminalConnection {
  const { open, token, terminal, size, sink, timers, random, onState, onSkipped } = options;
  let state: ConnectionState = { kind: "connecting" };
  let link: Link | undefined;
  /** The next offset we need; undefined until the server told us where we are. */
  let offset: number | undefined;
  let create = options.create;
  let attempt = 0;
  let lostAt = 0;
  let cancelWait: (() => void) | undefined;
  connect();

  return {
    state: () => state,
    send(bytes) {
      if (state.kind === "attached" && link !== undefined) {
        for (let at = 0; at < bytes.byteLength; at += SEND_AT_MOST) link.send(bytes.subarray(at, at + SEND_AT_MOST));
        return true;
      }
      if (state.kind === "reconnecting") set({ kind: "reconnecting", unsent: state.unsent + 1 });
      retryNow();
      return false;
    },
    resize: (next) => {
      if (state.kind === "attached") link?.send({ type: "resize", ...next });
    },
    retryNow,
    close() {
      cancelWait?.();
      cancelWait = undefined;
      link?.drop(CLOSE.normal);
      link = undefined;
    },
  };

  function connect(): void {
    cancelWait = undefined;
    link = openLink({ open, timers, received, bytes, lost });
    const bearer = token();
    link.whenOpen(...(bearer === undefined ? [] : [{ type: "auth", token: bearer } as const]), {
      type: "attach",
      terminal,
      create,
      ...size(),
      ...(offset === undefined ? {} : { since: offset }),
      ack: true,
    });
  }

  function received(frame: TerminalServerFrame, from: Link): void {
    switch (frame.type) {
      case "attached":
        // A lower offset is another program under the same name; its first byte belongs on an empty screen.
        if (offset !== undefined && frame.offset < offset) sink.reset();
        if (frame.skipped > 0) onSkipped(frame.skipped);
        offset = frame.offset;
        from.acknowledged = frame.offset;
        attempt = 0;
        create = false;
        set({ kind: "attached", durable: frame.durable });
        return;
      case "screen":
        if (frame.skipped > 0) onSkipped(frame.skipped);
        from.screenAt = frame.offset;
        return;
      case "size":
        sink.resized({ cols: frame.cols, rows: frame.rows });
        return;
      case "exit":
        from.drop(CLOSE.normal);
        link = undefined;
        set({ kind: "ended", exitCode: frame.code, reason: frame.reason });
        return;
      case "error":
        from.problem = { code: frame.code, message: frame.message, next: frame.next };
        return;
      case "pong":
        return;
    }
  }

  function bytes(chunk: Uint8Array, from: Link): void {
    const screenAt = from.screenAt;
    if (screenAt !== undefined) {
      from.screenAt = undefined;
      offset = screenAt;
      sink.repaint(chunk, () => acknowledge(from, screenAt));
      return;
    }
    const end = (offset ?? 0) + chunk.byteLength;
    offset = end;
    sink.write(chunk, () => {
      if (end - from.acknowledged >= ACK_EVERY) acknowledge(from, end);
    });
  }

  function acknowledge(to: Link, upTo: number): void {
    if (to !== link || upTo <= to.acknowledged) return;
    to.acknowledged = upTo;
    to.send({ type: "ack", offset: upTo });
  }

  function lost(code: number, from: Link): void {
    if (from !== link) return;
    link = undefined;
    const refusal = refusalOf(code);
    if (refusal !== undefined) {
      set({ kind: "refused", refusal: refusal.kind, problem: from.problem ?? refusal.problem });
      return;
    }
    if (code === CLOSE.normal) {
      set({ kind: "ended", exitCode: undefined, reason: from.problem?.message });
      return;
    }
    if (attempt === 0) lostAt = timers.now();
    if (state.kind !== "reconnecting" && offset !== undefined) set({ kind: "reconnecting", unsent: 0 });
    const delay = retryDelay(attempt, timers.now() - lostAt, random);
    attempt += 1;
    cancelWait = timers.after(delay, connect);
  }

  function retryNow(): void {
    if (cancelWait === undefined) return;
    cancelWait();
    connect();
  }

  function set(next: ConnectionState): void {
    state = next;
    onState(next);
  }
}

interface Link {
  acknowledged: number;
  /** Set between a `screen` frame and the painted bytes that follow it. */
  screenAt: number | undefined;
  /** What the server said before it closed. */
  problem: Problem | undefined;
  whenOpen(...frames: TerminalClientFrame[]): void;
  send(data: TerminalClientFrame | Uint8Array<ArrayBuffer>): void;
  drop(code: number): void;
}

/** One socket's life. Once dropped or lost it is silent, whatever the browser still delivers. */
function openLink(options: {
  open: () => Socket;
  timers: Timers;
  received: (frame: TerminalServerFrame, from: Link) => void;
  bytes: (chunk: Uint8Array, from: Link) => void;
  lost: (code: number, from: Link) => void;
}): Link {
  const { timers, received, bytes, lost } = options;
  const socket = options.open();
  socket.binaryType = "arraybuffer";
  let heartbeat: ReturnType<typeof startHeartbeat> | undefined;
  const over = new AbortController();
  const { signal } = over;
  const cancelAttachWait = timers.after(ATTACH_WITHIN_MS, () => end(CLOSE.goingAway));
  const link: Link = {
    acknowledged: 0,
    screenAt: undefined,
    problem: undefined,
    whenOpen(...frames) {
      const sendAll = () => {
        for (const frame of frames) link.send(frame);
      };
      socket.addEventListener("open", sendAll, { signal });
    },
    send: (data) => socket.send(data instanceof Uint8Array ? data : JSON.stringify(data)),
    drop: finish,
  };
  const onMessage = ({ data }: MessageEvent<unknown>) => {
    heartbeat?.alive();
    if (typeof data === "string") {
      const frame = JSON.parse(data) as TerminalServerFrame;
      if (frame.type === "attached") {
        cancelAttachWait();
        heartbeat ??= startHeartbeat({
          timers,
          ping: () => link.send({ type: "ping" }),
          dead: () => end(CLOSE.goingAway),
        });
      }
      received(frame, link);
    } else if (data instanceof ArrayBuffer) {
      bytes(new Uint8Array(data), link);
    }
  };
  socket.addEventListener("message", onMessage, { signal });
  socket.addEventListener("close", ({ code }) => end(code), { signal });
  return link;

  function end(code: number): void {
    finish(CLOSE.normal);
    lost(code, link);
  }

  function finish(code: number): void {
    over.abort();
    heartbeat?.stop();
    cancelAttachWait();
    // Also ends an attempt that still waits for an answer; on a closed socket it does nothing.
    socket.close(code);
  }
}
