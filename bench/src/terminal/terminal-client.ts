import type { TerminalClientFrame, TerminalServerFrame } from "@ws/rpc-contract/frames";
import WebSocket from "ws";
import type { Worker } from "../worker/worker.ts";

/** A terminal as a browser has it: token in the first frame, offsets, acknowledgements. */
export interface TerminalClient extends Disposable {
  /** The next offset: where a later attach goes on. */
  readonly offset: number;
  write: (text: string) => void;
  /** Called with every piece of the program's output, or of a painted screen. */
  onBytes: (listener: (bytes: Buffer, painted: boolean) => void) => void;
  /** Rejects when the connection ends, which none does by itself here. */
  closed: Promise<never>;
  /** Breaks the connection, as a lost network does. */
  cut: () => void;
}

/** How often a browser says what it has drawn. */
const ACK_EVERY = 64 * 1024;

export interface AttachOptions {
  terminal: string;
  /** What a new terminal runs; the login shell where absent. */
  command?: string[];
  since?: number;
  /** Ends the connection, also one that is still being made. */
  signal: AbortSignal;
}

/** Connects and attaches. Resolves when the agent said that we are attached. */
export async function attach(
  { url: base, token }: Pick<Worker, "url" | "token">,
  workspace: string,
  options: AttachOptions,
): Promise<TerminalClient> {
  const url = `${base.replace(/^http/, "ws")}/terminal/${workspace}`;
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: 10_000 });
  const listeners: ((bytes: Buffer, painted: boolean) => void)[] = [];
  /** What came before anybody listened. */
  const early: [Buffer, boolean][] = [];
  const attached = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => undefined);
  let offset = 0;
  let unacked = 0;
  let paintedNext = false;

  const send = (frame: TerminalClientFrame): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  const fail = (error: Error): void => {
    attached.reject(error);
    closed.reject(error);
  };

  function receive(bytes: Buffer): void {
    const painted = paintedNext;
    paintedNext = false;
    if (!painted) {
      offset += bytes.length;
      unacked += bytes.length;
    }
    if (listeners.length === 0) early.push([bytes, painted]);
    for (const listener of listeners) listener(bytes, painted);
    if (unacked < ACK_EVERY) return;
    unacked = 0;
    send({ type: "ack", offset });
  }

  function understand(frame: TerminalServerFrame): void {
    if (frame.type === "attached" || frame.type === "screen") offset = frame.offset;
    if (frame.type === "attached") attached.resolve();
    else if (frame.type === "screen") paintedNext = true;
    else if (frame.type === "error") fail(new Error(`The terminal was refused: ${frame.code}: ${frame.message}`));
  }

  socket.on("open", () => {
    send({ type: "auth", token });
    const { terminal, command, since } = options;
    send({
      type: "attach",
      terminal,
      cols: 120,
      rows: 40,
      ack: true,
      ...(command && { command }),
      ...(since !== undefined && { since }),
    });
  });
  socket.on("message", (data: Buffer, binary: boolean) => {
    if (binary) receive(data);
    else understand(JSON.parse(data.toString()) as TerminalServerFrame);
  });
  socket.on("error", fail);
  socket.on("close", (code) => fail(new Error(`The terminal's connection ended (${code}).`)));
  const abort = (): void => {
    fail(options.signal.reason as Error);
    socket.terminate();
  };
  options.signal.addEventListener("abort", abort, { once: true });
  if (options.signal.aborted) abort();
  void closed.promise.catch(() => options.signal.removeEventListener("abort", abort));
  await attached.promise;

  return {
    get offset() {
      return offset;
    },
    write: (text) => socket.send(Buffer.from(text)),
    onBytes(listener) {
      listeners.push(listener);
      for (const [bytes, painted] of early.splice(0)) listener(bytes, painted);
    },
    closed: closed.promise,
    cut: () => socket.terminate(),
    [Symbol.dispose]: () => socket.terminate(),
  };
}
