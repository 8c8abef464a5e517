import { CLOSE, type TerminalClientFrame, type TerminalServerFrame } from "../frames.ts";
import type { Timers } from "../timers.ts";
import { startHeartbeat } from "./heartbeat.ts";

/** The part of a WebSocket that is used here: a browser's, Node's, or that of the package `ws`. */
export interface TerminalSocket {
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { readonly code: number }) => void): void;
}

export interface Link {
  send(data: TerminalClientFrame | Uint8Array<ArrayBuffer>): void;
  drop(): void;
}

const ATTACH_WITHIN_MS = 15_000;

/** One socket's life. Once dropped or lost it is silent, whatever still arrives. */
export function openLink(options: {
  open: () => TerminalSocket;
  timers: Timers;
  /** Sent as soon as it is open. */
  greeting: readonly TerminalClientFrame[];
  received: (frame: TerminalServerFrame) => void;
  bytes: (chunk: Uint8Array<ArrayBuffer>) => void;
  lost: (code: number) => void;
}): Link {
  const { timers, greeting, received, bytes, lost } = options;
  const socket = options.open();
  socket.binaryType = "arraybuffer";
  let isOver = false;
  let heartbeat: ReturnType<typeof startHeartbeat> | undefined;
  const cancelAttachWait = timers.after(ATTACH_WITHIN_MS, () => end(CLOSE.goingAway));

  const send: Link["send"] = (data) => socket.send(data instanceof Uint8Array ? data : JSON.stringify(data));
  socket.addEventListener("open", () => {
    if (!isOver) for (const frame of greeting) send(frame);
  });
  socket.addEventListener("message", ({ data }) => {
    if (isOver) return;
    heartbeat?.alive();
    if (data instanceof ArrayBuffer) bytes(new Uint8Array(data));
    else if (typeof data === "string") understand(JSON.parse(data) as TerminalServerFrame);
  });
  socket.addEventListener("close", ({ code }) => {
    if (!isOver) end(code);
  });
  return { send, drop };

  function understand(frame: TerminalServerFrame): void {
    if (frame.type === "attached") {
      cancelAttachWait();
      heartbeat ??= startHeartbeat({
        timers,
        ping: () => send({ type: "ping" }),
        dead: () => end(CLOSE.goingAway),
      });
    }
    received(frame);
  }

  function end(code: number): void {
    drop();
    lost(code);
  }

  function drop(): void {
    isOver = true;
    heartbeat?.stop();
    cancelAttachWait();
    // Also ends an attempt that still waits for an answer; on a closed socket it does nothing.
    socket.close(CLOSE.normal);
  }
}
