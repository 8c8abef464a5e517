import { connectTerminal } from "../terminal-client/connect-terminal.ts";
import type { TerminalOptions, TerminalState } from "../terminal-client/terminal-connection.ts";
import { fakeSockets, type FakeSocket } from "./fake-sockets.ts";
import { manualTimers } from "./manual-timers.ts";

export const text = (value: string) => new TextEncoder().encode(value);
export const attached = (offset: number, skipped = 0) =>
  ({ type: "attached", terminal: "main", id: "main", offset, cols: 80, rows: 24, durable: true, skipped }) as const;

export function setup(options: Partial<TerminalOptions> = {}) {
  const sockets = fakeSockets();
  const timers = manualTimers();
  const states: TerminalState[] = [];
  const skipped: number[] = [];
  const screen = { content: "", sizes: [] as { cols: number; rows: number }[], parse: [] as (() => void)[] };
  const decode = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  const connection = connectTerminal({
    open: sockets.open,
    token: () => undefined,
    terminal: "main",
    create: true,
    size: () => ({ cols: 80, rows: 24 }),
    sink: {
      write(bytes, parsed) {
        screen.content += decode(bytes);
        screen.parse.push(parsed);
      },
      repaint(bytes, parsed) {
        screen.content = decode(bytes);
        screen.parse.push(parsed);
      },
      reset: () => void (screen.content = ""),
      resized: (size) => void screen.sizes.push(size),
    },
    timers,
    random: () => 0.5,
    onState: (state) => void states.push(state),
    onSkipped: (bytes) => void skipped.push(bytes),
    ...options,
  });
  const parseAll = () => {
    for (const parsed of screen.parse.splice(0)) parsed();
  };
  return { sockets, timers, states, skipped, screen, connection, parseAll };
}

export function attachedSetup(options: Partial<TerminalOptions> = {}) {
  const all = setup(options);
  all.sockets.last().accept();
  all.sockets.last().frame(attached(0));
  return all;
}

export const frames = (socket: FakeSocket, type: string) =>
  socket.sent.filter((sent) => !(sent instanceof Uint8Array) && sent.type === type);
