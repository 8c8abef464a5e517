/**
 * What goes over the WebSockets beside the RPC. Free of dependencies, so that a terminal client loads nothing else.
 *
 * `/terminal/:name` (alias `/rpc/terminal/:name`): binary frames are the program's bytes, text frames are JSON.
 * A client that sends only `{type:"resize"}` and bytes gets the terminal `main`; it starts at the first resize.
 * It gets no text frames.
 * A client that sends `attach` first gets offsets, and, with `ack: true`, is held back at UNACKED_LIMIT bytes.
 *
 * `/exec/:name`: the streaming twin of `workspaces.exec`; binary frames are one stream byte, then bytes.
 *
 * `/connect/:name/:port`: a connection to a port of the workspace's own loopback; binary frames are its bytes, in both directions.
 * `/ssh/:name`: the same with the SSH server of a workspace.
 */

/** From client to server, as text. `auth` comes first where no Authorization header could be sent. */
export type TerminalClientFrame =
  | { type: "auth"; token: string }
  | {
      type: "attach";
      /** Which terminal; `main` where absent. Made where it does not exist, unless `create` is false. */
      terminal?: string;
      /** One that was attached before, whatever it is called by now; takes the place of `terminal`, and nothing is made. */
      id?: string;
      create?: boolean;
      cols: number;
      rows: number;
      /** The next offset wanted; absent means the present screen. */
      since?: number;
      ack?: boolean;
      /** What to run in a new terminal; the login shell where absent. */
      command?: string[];
      /** Under which name the typed bytes are counted, and how many were sent so far; then each arrives once, or is told as lost. */
      input?: { id: string; sent: number };
      /** Only looks: types nothing, starts nothing, and has no say in the size. */
      readOnly?: boolean;
    }
  | { type: "resize"; cols: number; rows: number }
  | { type: "ack"; offset: number }
  | { type: "ping" };

/** From server to client, as text. */
export type TerminalServerFrame =
  | {
      type: "attached";
      /** Its name, and what it is found by also when that has changed. */
      terminal: string;
      id: string;
      /** The offset of the next binary byte. */
      offset: number;
      cols: number;
      rows: number;
      durable: boolean;
      /** Bytes between `since` and `offset` that could not be sent; 0 where a `screen` frame follows and says so. */
      skipped: number;
      input?: InputAnswer;
      /** Whether this viewer only looks, because it asked to or because its token may do no more. */
      readOnly?: boolean;
    }
  /** The next binary frame is a painted screen, not the program's bytes; after it the stream goes on at `offset`. */
  | { type: "screen"; offset: number; skipped: number }
  | { type: "size"; cols: number; rows: number }
  /** The terminal has what was typed up to this offset, but for `lost` bytes, counted from the beginning of this input. */
  | { type: "taken"; offset: number; lost: number }
  | { type: "exit"; code: number; reason?: string }
  /** Why the socket is about to close; its close code says whether to come back. */
  | { type: "error"; code: string; message: string; next?: string }
  | { type: "pong" };

/** What the server knows of an input: the client goes on sending at `next`. */
export interface InputAnswer {
  /** The next byte wanted; where the input is not `known`, the `sent` of the client. */
  next: number;
  /** The terminal has all before this one. */
  taken: number;
  /** False where this agent has not heard of it: nobody can say what became of what was sent before. */
  known: boolean;
  /** Bytes before `next` that may not have arrived. */
  lost: number;
}

/** Bytes a client may type before it is attached; they are the terminal's as soon as it is open. */
export const EARLY_LIMIT = 64 * 1024;

/** Bytes sent and not acknowledged before the server waits. */
export const UNACKED_LIMIT = 512 * 1024;

/** Close codes of these sockets. */
export const CLOSE = {
  /** The program ended, or the client asked. */
  normal: 1000,
  /** The connection to the workspace is lost, or the agent is going away: reconnect. */
  goingAway: 1001,
  /** What was asked for has failed, and would again: do not retry where an `error` frame came before. */
  failed: 1011,
  /** A frame that is none of the above. */
  protocol: 1008,
  /** The token is no good: do not retry. The reason is `missing`, `unknown`, `revoked` or `expired`. */
  unauthorized: 4401,
  /** The token may not do this: do not retry. */
  forbidden: 4403,
  /** No such workspace, or terminal: do not retry. */
  notFound: 4404,
  /** The workspace does not run. */
  notRunning: 4409,
  /** The client read nothing for too long. */
  tooSlow: 4408,
} as const;

/** What is spoken on these sockets. Need not be named, but where a token is offered beside it. */
export const SUBPROTOCOL = "ws.frames";

/**
 * Begins the subprotocol by which a browser, which cannot send a header, gives its token to a hub for a socket of a worker: what is
 * sent as the first message there, the worker reads. The hub takes it off.
 */
export const TOKEN_SUBPROTOCOL = "ws.token.";

/** The first byte of a binary exec frame. */
export const EXEC_STREAM = { stdin: 0, stdout: 1, stderr: 2 } as const;

export type ExecClientFrame =
  | { type: "auth"; token: string }
  | { type: "start"; command: string[]; cwd?: string; env?: Record<string, string> }
  | { type: "stdin_end" }
  /** So many more bytes of both outputs were taken; needed, or the command is held back at UNACKED_LIMIT. */
  | { type: "ack"; bytes: number }
  /**
   * For the command's process group, which decides what becomes of it; sent before `started`, it keeps the command from
   * starting. Closing the socket ends the command: SIGTERM, then SIGKILL.
   */
  | { type: "signal"; signal: "SIGINT" | "SIGTERM" | "SIGHUP" };

export type ExecServerFrame =
  | { type: "started" }
  /** So many more bytes of standard input were consumed, so that the client never has more than UNACKED_LIMIT under way. */
  | { type: "ack"; bytes: number }
  | { type: "exit"; code: number; signal?: string }
  | { type: "error"; code: string; message: string; next?: string };

/** Of a socket that carries bytes: what goes beside them. Either side ends its direction with `end` and goes on reading. */
export type ByteClientFrame =
  | { type: "auth"; token: string }
  | { type: "end" }
  /** So many more bytes were taken; needed, or the other side is held back at UNACKED_LIMIT. */
  | { type: "ack"; bytes: number };

export type ByteServerFrame =
  /** What was asked for stands. Bytes may be sent before, as far as UNACKED_LIMIT. */
  | { type: "opened" }
  | { type: "end" }
  | { type: "ack"; bytes: number }
  | { type: "error"; code: string; message: string; next?: string };
