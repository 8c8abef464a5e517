import { CLOSE, EARLY_LIMIT, type TerminalServerFrame } from "../frames.ts";
import { retryDelay } from "../retry-delay.ts";
import { systemTimers, type Timers } from "../timers.ts";
import { type Link, openLink, type TerminalSocket } from "./link.ts";

/** Where the bytes go; `parsed` is called once they are on the screen. */
export interface TerminalSink {
  write(bytes: Uint8Array, parsed: () => void): void;
  /** A whole screen that replaces everything, in order with the writes before it. */
  repaint(bytes: Uint8Array, parsed: () => void): void;
  /** Forgets everything, in order with the writes before it. */
  reset(): void;
  /** Another viewer gave the terminal this size. */
  resized(size: { cols: number; rows: number }): void;
}

/** What the agent said before it closed: a stable code, one sentence, and the next step. */
export interface Problem {
  code: string;
  message: string;
  next?: string | undefined;
}

/** Why trying again cannot help. */
export type Refusal = "unauthorized" | "forbidden" | "not_found" | "not_running" | "protocol" | "failed";

export type TerminalState =
  /** `problem` is why the connection or the last attempt ended, where the agent said so. */
  | { kind: "connecting"; problem: Problem | undefined }
  | { kind: "attached"; durable: boolean }
  /** The screen stays as it was; `unsent` counts keystrokes that went nowhere. */
  | { kind: "reconnecting"; unsent: number; problem: Problem | undefined }
  | { kind: "ended"; exitCode: number | undefined; reason: string | undefined }
  | { kind: "refused"; refusal: Refusal; problem: Problem | undefined };

export interface TerminalConnection {
  state(): TerminalState;
  /** The offset of the next byte; undefined until the agent told where we are. */
  offset(): number | undefined;
  /**
   * False where the bytes could not be sent: they are not kept, because a late keystroke does harm. Before it was ever attached
   * the agent takes some, for a program that is just being started.
   */
  send(bytes: Uint8Array<ArrayBuffer>): boolean;
  resize(size: { cols: number; rows: number }): void;
  /** Ends the wait between two attempts. */
  retryNow(): void;
  close(): void;
}

export interface TerminalOptions {
  /** Opens a socket to `/terminal/NAME`; called anew for each attempt. */
  open: () => TerminalSocket;
  /** Sent as the first frame where there is one; a client that can set headers needs none here. */
  token?: () => string | undefined;
  terminal: string;
  /** Whether to start its program where it does not run. */
  create: boolean;
  /** What a new terminal runs; the login shell where absent. */
  command?: string[];
  /** Go on at this offset rather than with the present screen. */
  since?: number;
  size: () => { cols: number; rows: number };
  sink: TerminalSink;
  timers?: Timers;
  random?: () => number;
  /** Called at every change, and after every attempt that failed. */
  onState: (state: TerminalState) => void;
  /** Bytes that the agent could no longer give us. */
  onSkipped?: (bytes: number) => void;
}

/** An acknowledgement for every this many bytes on the screen; well below what the server sends unacknowledged. */
export const ACK_EVERY = 64 * 1024;
/** A large paste goes in pieces: a server limits one message. */
export const SEND_AT_MOST = 64 * 1024;

/** One terminal over a socket that comes back by itself, at the byte where it was lost, until it is closed or refused. */
export function connectTerminal(options: TerminalOptions): TerminalConnection {
  const { open, token, terminal, command, size, sink, onState, onSkipped } = options;
  const { timers = systemTimers, random = Math.random } = options;
  let state: TerminalState = { kind: "connecting", problem: undefined };
  let link: Link | undefined;
  let { since: offset, create } = options;
  let attempt = 0;
  let lostAt = 0;
  let early = 0;
  let isClosed = false;
  let sizeSent = { cols: 0, rows: 0 };
  let cancelWait: (() => void) | undefined;
  const connection: TerminalConnection = {
    state: () => state,
    offset: () => offset,
    send(bytes) {
      if (isClosed) return false;
      const isEarly = state.kind === "connecting" && link?.isOpen === true && early + bytes.byteLength <= EARLY_LIMIT;
      if (link !== undefined && (state.kind === "attached" || isEarly)) {
        if (isEarly) early += bytes.byteLength;
        for (let at = 0; at < bytes.byteLength; at += SEND_AT_MOST) link.send(bytes.subarray(at, at + SEND_AT_MOST));
        return true;
      }
      if (state.kind === "reconnecting") set({ ...state, unsent: state.unsent + 1 });
      retryNow();
      return false;
    },
    resize(next) {
      // What changes before then is found when it is attached.
      if (state.kind !== "attached") return;
      sizeSent = next;
      link?.send({ type: "resize", ...next });
    },
    retryNow,
    close() {
      isClosed = true;
      cancelWait?.();
      cancelWait = undefined;
      link?.drop();
      link = undefined;
    },
  };
  connect();
  return connection;

  function connect(): void {
    cancelWait = undefined;
    early = 0;
    /** The offset of the next byte of this socket. Ours moves only with what has come. */
    let next = 0;
    let acknowledged = 0;
    /** Set between a `screen` frame and the painted bytes that follow it. */
    let screenAt: number | undefined;
    let problem: Problem | undefined;
    const mine = openLink({
      open,
      timers,
      greeting() {
        const bearer = token?.();
        sizeSent = size();
        return [
          ...(bearer === undefined ? [] : [{ type: "auth", token: bearer } as const]),
          {
            type: "attach",
            terminal,
            create,
            ...sizeSent,
            ...(command && { command }),
            ...(offset === undefined ? {} : { since: offset }),
            ack: true,
          },
        ];
      },
      received,
      bytes,
      lost: (code) => lost(code, problem),
    });
    link = mine;

    function received(frame: TerminalServerFrame): void {
      switch (frame.type) {
        case "attached":
          // A lower offset is another program under the same name; its first byte belongs on an empty screen.
          if (offset !== undefined && frame.offset < offset) sink.reset();
          if (frame.skipped > 0) onSkipped?.(frame.skipped);
          next = acknowledged = frame.offset;
          attempt = 0;
          create = false;
          set({ kind: "attached", durable: frame.durable });
          if (size().cols !== sizeSent.cols || size().rows !== sizeSent.rows) connection.resize(size());
          return;
        case "screen":
          if (frame.skipped > 0) onSkipped?.(frame.skipped);
          screenAt = frame.offset;
          return;
        case "size":
          sink.resized({ cols: frame.cols, rows: frame.rows });
          return;
        case "exit":
          mine.drop();
          link = undefined;
          set({ kind: "ended", exitCode: frame.code, reason: frame.reason });
          return;
        case "error":
          problem = { code: frame.code, message: frame.message, next: frame.next };
          return;
        case "pong":
          return;
      }
    }

    function bytes(chunk: Uint8Array): void {
      if (screenAt !== undefined) {
        const at = screenAt;
        offset = next = at;
        screenAt = undefined;
        sink.repaint(chunk, () => acknowledge(at));
        return;
      }
      const end = next + chunk.byteLength;
      offset = next = end;
      sink.write(chunk, () => {
        if (end - acknowledged >= ACK_EVERY) acknowledge(end);
      });
    }

    function acknowledge(upTo: number): void {
      if (mine !== link || upTo <= acknowledged) return;
      acknowledged = upTo;
      mine.send({ type: "ack", offset: upTo });
    }
  }

  function lost(code: number, problem: Problem | undefined): void {
    link = undefined;
    const refusal = REFUSALS.get(code);
    // A server that failed without a word may just have ended.
    if (refusal !== undefined && (refusal !== "failed" || problem !== undefined)) {
      set({ kind: "refused", refusal, problem });
      return;
    }
    if (code === CLOSE.normal) {
      set({ kind: "ended", exitCode: undefined, reason: problem?.message });
      return;
    }
    if (attempt === 0) lostAt = timers.now();
    const delay = retryDelay(attempt, timers.now() - lostAt, random);
    attempt += 1;
    cancelWait = timers.after(delay, connect);
    const unsent = state.kind === "reconnecting" ? state.unsent : 0;
    set(state.kind === "connecting" ? { kind: "connecting", problem } : { kind: "reconnecting", unsent, problem });
  }

  function retryNow(): void {
    if (cancelWait === undefined) return;
    cancelWait();
    connect();
  }

  function set(next: TerminalState): void {
    state = next;
    onState(next);
  }
}

const REFUSALS = new Map<number, Refusal>([
  [CLOSE.unauthorized, "unauthorized"],
  [CLOSE.forbidden, "forbidden"],
  [CLOSE.notFound, "not_found"],
  [CLOSE.notRunning, "not_running"],
  [CLOSE.protocol, "protocol"],
  [CLOSE.failed, "failed"],
]);
