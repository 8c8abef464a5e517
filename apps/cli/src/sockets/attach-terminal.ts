import { CLOSE, type TerminalClientFrame, type TerminalServerFrame } from "@ws/rpc-contract/frames";
import type WebSocket from "ws";
import type { Context } from "../context.ts";
import { CliError, EXIT, exitFor, toCliError } from "../errors.ts";
import { openSocket } from "./open-socket.ts";
import { createScreenModes } from "./screen-modes.ts";

/** Ctrl-], as telnet has it: leaves without ending the program. */
const LEAVE = 0x1d;
const ACK_EVERY = 64 * 1024;
const PING_MS = 3_000;
const DEAD_MS = 9_000;
const FINAL = new Set<number>([CLOSE.protocol, CLOSE.unauthorized, CLOSE.forbidden, CLOSE.notFound, CLOSE.notRunning]);

type Ending = { type: "exit"; code: number } | { type: "left" } | { type: "refused"; error: CliError };

/**
 * Joins this terminal to a workspace's. A lost connection is taken up again where it broke, for as long as it takes; what
 * is typed meanwhile is not sent. Resolves to the exit code of the program, or 0 when left with Ctrl-].
 */
export async function attachTerminal(context: Context, name: string, terminal: string): Promise<number> {
  const { io } = context;
  const { target } = await context.connect();
  const path = `/terminal/${encodeURIComponent(name)}`;
  let socket: WebSocket | undefined;
  let offset: number | undefined;
  let retryNow = (): void => undefined;
  let over = false;
  const modes = createScreenModes();
  const ending = Promise.withResolvers<Ending>();

  const send = (frame: TerminalClientFrame): void => {
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(frame));
  };
  // A terminal that nobody gave a size says 0.
  const size = (): { cols: number; rows: number } => ({ cols: io.stdout.columns || 80, rows: io.stdout.rows || 24 });
  const onInput = (bytes: Buffer): void => {
    const leave = bytes.indexOf(LEAVE);
    const typed = leave === -1 ? bytes : bytes.subarray(0, leave);
    if (socket?.readyState === 1 && typed.length > 0) socket.send(typed);
    else retryNow();
    if (leave !== -1) ending.resolve({ type: "left" });
  };
  const offResize = io.onResize(() => send({ type: "resize", ...size() }));
  const restoreTerminal = io.passThrough();
  io.stdin.on("data", onInput);

  /** One connection, from attach to close. Resolves to its close code. */
  async function connectOnce(): Promise<number> {
    const mine = await openSocket(target, path);
    socket = mine;
    if (over) mine.terminate();
    return new Promise((resolve) => {
      let unacked = 0;
      let paintedNext = false;
      let heard = Date.now();
      const heartbeat = setInterval(() => {
        if (Date.now() - heard > DEAD_MS) mine.terminate();
        else send({ type: "ping" });
      }, PING_MS);
      mine.on("message", (data: Buffer, binary: boolean) => {
        heard = Date.now();
        if (binary) {
          const painted = paintedNext;
          paintedNext = false;
          if (!painted) {
            offset = (offset ?? 0) + data.length;
            unacked += data.length;
          }
          modes.saw(data);
          const flushed = io.stdout.write(data);
          if (!flushed) {
            mine.pause();
            io.stdout.once("drain", () => mine.resume());
          }
          if (unacked >= ACK_EVERY && offset !== undefined) {
            unacked = 0;
            send({ type: "ack", offset });
          }
          return;
        }
        const frame = JSON.parse(data.toString()) as TerminalServerFrame;
        if (frame.type === "attached") offset = frame.offset;
        else if (frame.type === "screen") {
          offset = frame.offset;
          paintedNext = true;
          const empty = freshScreen(size().rows);
          modes.saw(Buffer.from(empty));
          io.stdout.write(empty);
          if (frame.skipped > 0) context.hint(`[${frame.skipped} bytes omitted]\r`);
        } else if (frame.type === "exit") ending.resolve({ type: "exit", code: frame.code });
        else if (frame.type === "error") {
          const { code, message, next } = frame;
          const error = new CliError(code, message, { exit: exitFor(code), ...(next === undefined ? {} : { next }) });
          ending.resolve({ type: "refused", error });
        }
      });
      mine.on("close", (code) => {
        clearInterval(heartbeat);
        resolve(code);
      });
      send({ type: "attach", terminal, ...size(), ack: true, ...(offset === undefined ? {} : { since: offset }) });
    });
  }

  async function keepConnected(): Promise<void> {
    for (let attempt = 0; !over; attempt += 1) {
      const began = Date.now();
      try {
        const code = await connectOnce();
        if (over) return;
        if (code === CLOSE.normal) return ending.resolve({ type: "exit", code: 0 });
        if (FINAL.has(code)) return ending.resolve({ type: "refused", error: closed(name, code) });
        if (Date.now() - began > DEAD_MS) attempt = 0;
      } catch (error) {
        if (over) return;
        const failure = toCliError(error);
        // Only a connection that once stood is worth waiting for.
        if (offset === undefined || failure.exit === EXIT.denied) {
          return ending.resolve({ type: "refused", error: failure });
        }
      }
      context.hint("\r\u001b[K[connection lost, trying again; Ctrl-] leaves]\r");
      await pause(Math.min(10_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2), (wake) => (retryNow = wake));
    }
  }

  void keepConnected();
  const end = await ending.promise;
  offResize();
  io.stdin.off("data", onInput);
  restoreTerminal();
  io.stdin.destroy();
  over = true;
  retryNow();
  socket?.terminate();
  io.stdout.write(modes.giveBack());
  if (end.type === "refused") throw end.error;
  context.hint(end.type === "left" ? `[left; go on with: ws shell ${name}]` : `[exited ${end.code}]`);
  return end.type === "left" ? EXIT.ok : end.code;
}

/**
 * An empty screen to paint on. What stood there is scrolled off rather than erased, so that it stays where the user
 * scrolls back to; nothing else than an empty screen agrees with the program about where the cursor is.
 */
function freshScreen(rows: number): string {
  return `\u001b[?1049l\u001b[!p\u001b[${rows};1H${"\n".repeat(rows)}\u001b[H`;
}

function closed(name: string, code: number): CliError {
  if (code === CLOSE.notRunning) {
    return new CliError("workspace_not_running", `'${name}' is not running.`, { next: `Start it: ws start ${name}.` });
  }
  if (code === CLOSE.notFound) {
    return new CliError("workspace_not_found", `There is no workspace '${name}'.`, { exit: EXIT.notFound });
  }
  if (code === CLOSE.protocol) {
    return new CliError("protocol_error", "The worker does not understand this client.", {
      next: "Use one version on both sides: 'ws --version' here, 'ws info' for the worker.",
    });
  }
  return new CliError("unauthorized", "The worker refused this token.", {
    next: "Make another on the worker: ws token create NAME.",
    exit: EXIT.denied,
  });
}

function pause(ms: number, expose: (wake: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    expose(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
