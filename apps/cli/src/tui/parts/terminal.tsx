import { EmbeddedTerminalRenderable, type BoxRenderable, type KeyEvent } from "@opentui/core";
import { useRenderer } from "@opentui/react";
import { connectTerminal, type TerminalState } from "@ws/rpc-contract/terminal-client";
import { useEffect, useRef } from "react";
import { toCliError } from "../../errors.ts";
import { dialSocket } from "../../sockets/open-socket.ts";
import { useApp, type Notice } from "../state/app-context.ts";

interface TerminalProps {
  workspace: string;
  terminal: string;
  onState: (state: TerminalState) => void;
}

class ProgramScreen extends EmbeddedTerminalRenderable {
  /** A key that the library has no name for, such as Ctrl-J, is sent as it came. */
  override handleKeyPress(key: KeyEvent): boolean {
    if (super.handleKeyPress(key)) return true;
    if (key.source !== "raw" || key.eventType !== "press") return false;
    this.onData?.(Buffer.from(key.raw), "input");
    return true;
  }
}

/** Forgets everything that a program has set. */
const FRESH = "\u001bc";

/** The screen of a program in a workspace. Keys, pastes and the mouse are its own; a lost connection is taken up where it broke. */
export function Terminal({ workspace, terminal, onState }: TerminalProps) {
  const { session, notice } = useApp();
  const renderer = useRenderer();
  const place = useRef<BoxRenderable>(null);
  const told = useRef(onState);
  useEffect(() => {
    told.current = onState;
  });

  useEffect(() => {
    if (place.current === null) return;
    const { width, height } = place.current;
    /** While an old screen is painted again: its program asked long ago, and an answer would be typed into whatever runs now. */
    let isSilent = false;
    /** Why it could not be reached, as it was told. */
    let failure: Notice | undefined;
    const screen = new ProgramScreen(renderer, {
      width: "100%",
      height: "100%",
      cols: Math.max(1, width),
      rows: Math.max(1, height),
      onData(bytes, source) {
        if (source === "response" && isSilent) return;
        connection.send(Uint8Array.from(bytes));
      },
      onTerminalResize: (cols, rows) => connection.resize({ cols, rows }),
    });
    place.current.add(screen);
    const connection = connectTerminal({
      connection: session.connection,
      open() {
        const { socket, opened } = dialSocket(session.target, `/terminal/${encodeURIComponent(workspace)}`);
        // Why is told by the socket's end, or by the way to the worker.
        opened.catch((error: unknown) => notice.set((failure = { text: toCliError(error).message, isBad: true })));
        return socket;
      },
      terminal,
      create: true,
      size: () => ({ cols: Math.max(1, screen.width), rows: Math.max(1, screen.height) }),
      sink: {
        write(bytes, parsed) {
          screen.write(bytes);
          parsed();
        },
        repaint(bytes, parsed) {
          isSilent = true;
          screen.write(FRESH);
          screen.write(bytes);
          isSilent = false;
          parsed();
        },
        reset: () => screen.write(FRESH),
        // The size of this terminal is its user's.
        resized: () => undefined,
      },
      onState(state) {
        // Why it could not be reached is over then; what else was told is not.
        if (state.kind === "attached" && failure !== undefined && notice.get() === failure) notice.set(undefined);
        told.current(state);
      },
      onLost: (bytes) => notice.set({ text: `${bytes} bytes that you typed may not have arrived.`, isBad: true }),
    });
    screen.focus();
    return () => {
      connection.close();
      screen.destroy();
    };
  }, [session, notice, renderer, workspace, terminal]);

  return <box ref={place} flexGrow={1} />;
}
