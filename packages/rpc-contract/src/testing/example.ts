import { connectTerminal, type TerminalConnection, type TerminalSocket } from "@ws/rpc-contract/terminal-client";

/** Collects a terminal's text; a dead link is opened again at the byte where it broke. */
export function readTerminal(open: () => TerminalSocket): TerminalConnection & { text: () => string } {
  const decoder = new TextDecoder();
  let text = "";
  const connection = connectTerminal({
    open,
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
    onState: () => {},
  });
  return { ...connection, text: () => text };
}
