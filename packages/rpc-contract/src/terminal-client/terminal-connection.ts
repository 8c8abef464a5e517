import type { Connection } from "../connection/connection.ts";
import type { Problem } from "../connection/state.ts";
import type { Timers } from "../timers.ts";
import type { Refusal } from "./ending.ts";
import type { TerminalSocket } from "./link.ts";

/** Where the bytes go; `parsed` is called once they are on the screen. */
export interface TerminalSink {
  write(bytes: Uint8Array, parsed: () => void): void;
  /** A whole screen that replaces everything, in order with the writes before it. */
  repaint(bytes: Uint8Array, parsed: () => void): void;
  /** Forgets everything, in order with the writes before it. */
  reset(): void;
  /** Another viewer gave the terminal this size. */
  resized(size: { cols: number; rows: number }): void;
}

export type TerminalState =
  /** `problem` is why the connection or the last attempt ended, where the agent said so. */
  | { kind: "connecting"; problem: Problem | undefined }
  /** `name` is what the terminal is called now; `readOnly` where what is typed goes nowhere, and the size is another's. */
  | { kind: "attached"; name: string; durable: boolean; readOnly?: true }
  /** The screen stays as it was; `unsent` counts keystrokes that went nowhere. */
  | { kind: "reconnecting"; unsent: number; problem: Problem | undefined }
  | { kind: "ended"; exitCode: number | undefined; reason: string | undefined }
  | { kind: "refused"; refusal: Refusal; problem: Problem | undefined };

export interface TerminalConnection {
  state(): TerminalState;
  /** The offset of the next byte; undefined until the agent told where we are. */
  offset(): number | undefined;
  /**
   * True where the bytes are taken over: each of them reaches the terminal once, also over a connection that breaks, or is
   * told to `onLost`. False where not: what is typed while nothing is connected is not kept, because a late keystroke does
   * harm; the rest of a paste is. Before it was ever attached the agent takes some, for a program that is just being started.
   */
  send(bytes: Uint8Array<ArrayBuffer>): boolean;
  /** Bytes that were taken over so far. */
  typed(): number;
  /** Bytes that were taken over and are not known to be in the terminal. From INPUT_LIMIT on no more are taken. */
  waiting(): number;
  resize(size: { cols: number; rows: number }): void;
  /** Ends the wait between two attempts. */
  retryNow(): void;
  close(): void;
}

export interface TerminalOptions {
  /** Opens a socket to `/terminal/NAME`; called anew for each attempt. */
  open: () => TerminalSocket;
  /** Sent as the first frame where there is one; a client that can set headers needs none here. */
  token?: () => string | undefined;
  /** Its name. */
  terminal: string;
  /** Of one that is there already; then its name is not asked for. */
  id?: string;
  /** Whether to start its program where it does not run. */
  create: boolean;
  /** What a new terminal runs; the login shell where absent. */
  command?: string[];
  /** Only looks. A token that may do no more is told so when it is attached. */
  readOnly?: boolean;
  /** Go on at this offset rather than with the present screen. */
  since?: number;
  size: () => { cols: number; rows: number };
  sink: TerminalSink;
  timers?: Timers;
  random?: () => number;
  /** The way to the agent, where it is shared with other things that are kept open; `random` is its own then. */
  connection?: Connection;
  /** Called at every change, and after every attempt that failed. */
  onState: (state: TerminalState) => void;
  /** Bytes that the agent could no longer give us. */
  onSkipped?: (bytes: number) => void;
  /** So many bytes that were typed may not have arrived, because the agent or its way into the workspace was lost. */
  onLost?: (bytes: number) => void;
  /** The terminal has taken more of what was typed. */
  onTaken?: (offset: number) => void;
}
