import type { TerminalClientFrame, TerminalServerFrame } from "../frames.ts";
import type { TerminalSocket } from "../terminal-client/link.ts";

export interface FakeSocket extends TerminalSocket {
  readonly sent: (TerminalClientFrame | Uint8Array)[];
  readonly closedWith: () => number | undefined;
  accept(): void;
  frame(frame: TerminalServerFrame): void;
  bytes(bytes: Uint8Array): void;
  drop(code: number, reason?: string): void;
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
  const target = new EventTarget();
  const tell = (event: Event) => void target.dispatchEvent(event);
  return {
    binaryType: "blob",
    addEventListener: target.addEventListener.bind(target) as FakeSocket["addEventListener"],
    send: (data) =>
      void sent.push(typeof data === "string" ? (JSON.parse(data) as TerminalClientFrame) : asBytes(data)),
    close: (code) => void (closedWith = code ?? 1005),
    sent,
    closedWith: () => closedWith,
    accept: () => tell(new Event("open")),
    frame: (frame) => tell(new MessageEvent("message", { data: JSON.stringify(frame) })),
    bytes: (bytes) => tell(new MessageEvent("message", { data: bytes.slice().buffer })),
    drop: (code, reason = "") => tell(new CloseEvent("close", { code, reason })),
  };
}

function asBytes(data: Parameters<WebSocket["send"]>[0]): Uint8Array {
  if (data instanceof Uint8Array) return data;
  throw new Error("Only text and bytes are sent.");
}
