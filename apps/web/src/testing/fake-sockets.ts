import type { TerminalClientFrame, TerminalServerFrame } from "@ws/rpc-contract/frames";
import type { Socket } from "../features/terminal/connection.ts";

export interface FakeSocket extends Socket {
  readonly sent: (TerminalClientFrame | Uint8Array)[];
  readonly closedWith: number | undefined;
  accept(): void;
  frame(frame: TerminalServerFrame): void;
  bytes(bytes: Uint8Array): void;
  /** The connection ends; events that the browser queued before still arrive. */
  drop(code: number): void;
}

/** Sockets whose other end is the test. */
export function fakeSockets(): { open: () => FakeSocket; all: FakeSocket[]; last(): FakeSocket } {
  const all: FakeSocket[] = [];
  return {
    all,
    open() {
      const socket = fakeSocket();
      all.push(socket);
      return socket;
    },
    last() {
      const socket = all.at(-1);
      if (socket === undefined) throw new Error("No socket was opened.");
      return socket;
    },
  };
}

function fakeSocket(): FakeSocket {
  const sent: FakeSocket["sent"] = [];
  let closedWith: number | undefined;
  return {
    binaryType: "",
    onopen: null,
    onmessage: null,
    onclose: null,
    sent,
    get closedWith() {
      return closedWith;
    },
    send: (data) => void sent.push(typeof data === "string" ? (JSON.parse(data) as TerminalClientFrame) : data),
    close: (code) => void (closedWith = code ?? 1005),
    accept() {
      this.onopen?.();
    },
    frame(frame) {
      this.onmessage?.({ data: JSON.stringify(frame) });
    },
    bytes(bytes) {
      this.onmessage?.({ data: bytes.slice().buffer });
    },
    drop(code) {
      this.onclose?.({ code });
    },
  };
}
