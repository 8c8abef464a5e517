import { CLOSE, type TerminalClientFrame, type TerminalServerFrame } from "../frames.ts";
import type { Timers } from "../timers.ts";
import { startHeartbeat } from "./heartbeat.ts";

/** The part of a WebSocket that is used here: a browser's, Node's, or that of the package `ws`. */
export interface TerminalSocket {
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
  /** Ends it at once, where that is possible: a peer that is gone answers no farewell. */
  terminate?(): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "error", listener: () => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number; readonly reason?: string }) => void): void;
}

/** How a socket ended: with the other side's code and reason, or given up by this one. */
export interface Lost {
  code: number;
  reason: string;
  givenUp?: "silent" | "unreachable";
}

export interface Link {
  readonly isOpen: boolean;
  send(data: TerminalClientFrame | Uint8Array<ArrayBuffer>): void;
  drop(): void;
}

const ATTACH_WITHIN_MS = 15_000;
const GIVEN_UP = { code: CLOSE.goingAway, reason: "" };

/** One socket's life. Once dropped or lost it is silent, whatever still arrives. */
export function openLink(options: {
  open: () => TerminalSocket;
  timers: Timers;
  /** What is sent as soon as it is open. */
  greeting: () => readonly TerminalClientFrame[];
  received: (frame: TerminalServerFrame) => void;
  bytes: (chunk: Uint8Array<ArrayBuffer>) => void;
  lost: (how: Lost) => void;
}): Link {
  const { timers, greeting, received, bytes, lost } = options;
  const socket = options.open();
  socket.binaryType = "arraybuffer";
  let isOpen = false;
  let isOver = false;
  let heartbeat: ReturnType<typeof startHeartbeat> | undefined;
  const cancelAttachWait = timers.after(ATTACH_WITHIN_MS, () => end({ ...GIVEN_UP, givenUp: "unreachable" }));

  const send: Link["send"] = (data) => socket.send(data instanceof Uint8Array ? data : JSON.stringify(data));
  socket.addEventListener("open", () => {
    if (isOver) return;
    for (const frame of greeting()) send(frame);
    isOpen = true;
  });
  // What failed closes too, and says more then; some sockets take an error that nobody hears for the end of the process.
  socket.addEventListener("error", () => undefined);
  socket.addEventListener("message", ({ data }) => {
    if (isOver) return;
    heartbeat?.alive();
    if (data instanceof ArrayBuffer) bytes(new Uint8Array(data));
    else if (typeof data === "string") understand(JSON.parse(data) as TerminalServerFrame);
  });
  socket.addEventListener("close", ({ code, reason = "" }) => {
    if (!isOver) end({ code, reason });
  });
  return {
    get isOpen() {
      return isOpen && !isOver;
    },
    send,
    drop,
  };

  function understand(frame: TerminalServerFrame): void {
    if (frame.type === "attached") {
      cancelAttachWait();
      heartbeat ??= startHeartbeat({
        timers,
        ping: () => send({ type: "ping" }),
        dead: () => end({ ...GIVEN_UP, givenUp: "silent" }),
      });
    }
    received(frame);
  }

  function end(how: Lost): void {
    drop();
    lost(how);
  }

  function drop(): void {
    if (isOver) return;
    isOver = true;
    heartbeat?.stop();
    cancelAttachWait();
    // Both also end an attempt that still waits for an answer; on a closed socket they do nothing.
    if (socket.terminate === undefined) socket.close(CLOSE.normal);
    else socket.terminate();
  }
}
