import { connectTerminal } from "@ws/rpc-contract/terminal-client";
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
}

export interface AttachOptions {
  terminal: string;
  /** What a new terminal runs; the login shell where absent. */
  command?: string[];
  since?: number;
  /** The token goes with the request, as a hub wants it, and not in the first frame. */
  inHeader?: boolean;
  /** Ends the connection, also one that is still being made. */
  signal: AbortSignal;
}

/** Connects and attaches with the client that browsers use. Resolves when the agent said that we are attached. */
export async function attach(
  { url: base, token }: Pick<Worker, "url" | "token">,
  workspace: string,
  { signal, inHeader = false, ...wanted }: AttachOptions,
): Promise<TerminalClient> {
  const url = `${base.replace(/^http/, "ws")}/terminal/${workspace}`;
  const listeners: ((bytes: Buffer, painted: boolean) => void)[] = [];
  /** What came before anybody listened. */
  const early: [Buffer, boolean][] = [];
  const attached = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<never>();
  closed.promise.catch(() => undefined);

  const receive = (bytes: Uint8Array, painted: boolean, taken: () => void): void => {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (listeners.length === 0) early.push([piece, painted]);
    for (const listener of listeners) listener(piece, painted);
    taken();
  };
  const connection = connectTerminal({
    ...wanted,
    create: true,
    open() {
      const headers = inHeader ? { authorization: `Bearer ${token}` } : {};
      const socket = new WebSocket(url, { headers, perMessageDeflate: false, handshakeTimeout: 10_000 });
      socket.on("error", fail);
      return socket;
    },
    token: () => (inHeader ? undefined : token),
    size: () => ({ cols: 120, rows: 40 }),
    sink: {
      write: (bytes, taken) => receive(bytes, false, taken),
      repaint: (bytes, taken) => receive(bytes, true, taken),
      reset: () => undefined,
      resized: () => undefined,
    },
    onState(state) {
      if (state.kind === "attached") return attached.resolve();
      const { code, message } = ("problem" in state ? state.problem : undefined) ?? { code: state.kind, message: "" };
      fail(new Error(`The terminal's connection ended: ${code}: ${message}`));
    },
  });
  function fail(error: Error): void {
    attached.reject(error);
    closed.reject(error);
  }
  const abort = (): void => {
    fail(signal.reason as Error);
    connection.close();
  };
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  void closed.promise.catch(() => {
    signal.removeEventListener("abort", abort);
    // None is taken up again: what breaks during a measurement spoils it.
    connection.close();
  });
  await attached.promise;

  return {
    get offset() {
      return connection.offset() ?? 0;
    },
    write: (text) => void connection.send(Buffer.from(text)),
    onBytes(listener) {
      listeners.push(listener);
      for (const [bytes, painted] of early.splice(0)) listener(bytes, painted);
    },
    closed: closed.promise,
    [Symbol.dispose]: connection.close,
  };
}
