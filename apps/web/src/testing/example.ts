import type { Timers } from "../clock.ts";
import { connectTerminal, type Socket, type TerminalConnection } from "../features/terminal/connection.ts";

/** Collects a terminal's text; a dead link is opened again at the byte where it broke. */
export function readTerminal(openSocket: () => Socket, timers: Timers): TerminalConnection & { text: () => string } {
  const decoder = new TextDecoder();
  let text = "";
  const connection = connectTerminal({
    open: openSocket,
    token: () => undefined,
    terminal: "main",
    create: true,
    size: () => ({ cols: 80, rows: 24 }),
    sink: {
      write(bytes, parsed) {
        text += decoder.decode(bytes, { stream: true });
        parsed();
      },
      repaint(bytes, parsed) {
        text = decoder.decode(bytes);
        parsed();
      },
      reset: () => void (text = ""),
      resized: () => {},
    },
    timers,
    random: Math.random,
    onState: () => {},
    onSkipped: () => {},
  });
  return { ...connection, text: () => text };
}
