import { CLOSE, EARLY_LIMIT, type InputAnswer, type TerminalServerFrame } from "../frames.ts";
import { createConnection } from "../connection/connection.ts";
import type { Attempt } from "../connection/link.ts";
import type { Problem } from "../connection/state.ts";
import { tokenProblem } from "../connection/token-problem.ts";
import { systemTimers } from "../timers.ts";
import { lossOf, REFUSALS } from "./ending.ts";
import { createKeptInput } from "./kept-input.ts";
import { type Link, type Lost, openLink } from "./link.ts";
import type { TerminalConnection, TerminalOptions, TerminalState } from "./terminal-connection.ts";

/** An acknowledgement for every this many bytes on the screen; well below what the server sends unacknowledged. */
export const ACK_EVERY = 64 * 1024;
/** A large paste goes in pieces: a server limits one message. */
export const SEND_AT_MOST = 64 * 1024;
/** What is typed waits for its acknowledgement in memory. */
export const INPUT_LIMIT = 4 * 1024 * 1024;
/** Nobody types as quickly as a paste arrives that comes in many parts. */
const PASTE_MS = 20;

/** One terminal over a socket that comes back by itself, at the byte where it was lost, until it is closed or refused. */
export function connectTerminal(options: TerminalOptions): TerminalConnection {
  const { open, token, terminal, command, size, sink, onState, onSkipped, onLost, onTaken } = options;
  const { timers = systemTimers, random = Math.random } = options;
  const shared = options.connection ?? createConnection({ timers, random });
  let state: TerminalState = { kind: "connecting", problem: undefined };
  let link: Link | undefined;
  let { since: offset, create } = options;
  /** Known once it was attached: it may have been renamed when we come back. */
  let id = options.id;
  const input = createKeptInput();
  /** The next byte to send over this link; undefined while only the agent knows which that is. */
  let unsentFrom: number | undefined;
  let early = 0;
  let typedAt = -Infinity;
  let isClosed = false;
  let isReadOnly = options.readOnly === true;
  let sizeSent = { cols: 0, rows: 0 };
  const connection: TerminalConnection = {
    state: () => state,
    offset: () => offset,
    send(bytes) {
      if (isClosed || isReadOnly) return false;
      const { kind } = state;
      const isEarly = kind === "connecting" && link?.isOpen === true && early + bytes.byteLength <= EARLY_LIMIT;
      const isPaste = kind === "reconnecting" && timers.now() - typedAt <= PASTE_MS;
      if ((kind === "attached" || isEarly || isPaste) && input.waiting() < INPUT_LIMIT) {
        if (isEarly) early += bytes.byteLength;
        typedAt = timers.now();
        input.add(bytes);
        if (kind !== "reconnecting") transmit();
        return true;
      }
      if (kind === "reconnecting") set({ ...state, unsent: state.unsent + 1 });
      shared.retryNow();
      return false;
    },
    typed: input.end,
    waiting: input.waiting,
    resize(next) {
      // What changes before then is found when it is attached.
      if (state.kind !== "attached" || isReadOnly) return;
      sizeSent = next;
      link?.send({ type: "resize", ...next });
    },
    retryNow: shared.retryNow,
    close() {
      isClosed = true;
      kept.close();
    },
  };
  const kept = shared.link({
    open: connect,
    stopped: (_reason, problem) => set({ kind: "refused", refusal: "unauthorized", problem }),
  });
  return connection;

  function connect(attempt: Attempt): () => void {
    early = 0;
    let wasAttached = false;
    let gaveToken = false;
    /** The offset of the next byte of this socket. Ours moves only with what has come. */
    let next = 0;
    let acknowledged = 0;
    /** Set between a `screen` frame and the painted bytes that follow it. */
    let screenAt: number | undefined;
    let problem: Problem | undefined;
    /** How far the agent is told that we were. */
    let sent = 0;
    unsentFrom = undefined;
    const mine = openLink({
      open,
      timers,
      greeting() {
        attempt.answered();
        const bearer = token?.();
        gaveToken = bearer !== undefined;
        sizeSent = size();
        sent = input.end();
        // With nothing in doubt there is nothing to wait for.
        if (input.waiting() === 0) unsentFrom = sent;
        return [
          ...(bearer === undefined ? [] : [{ type: "auth", token: bearer } as const]),
          {
            type: "attach",
            ...(id === undefined ? { terminal } : { id }),
            create,
            ...sizeSent,
            ...(command && { command }),
            ...(offset === undefined ? {} : { since: offset }),
            ack: true,
            input: { id: input.id, sent },
            ...(options.readOnly === true && { readOnly: true }),
          },
        ];
      },
      received,
      bytes,
      lost: (how) => lost(attempt, how, { said: problem, wasAttached, gaveToken }),
    });
    link = mine;
    return () => {
      mine.drop();
      if (link === mine) link = undefined;
    };

    function received(frame: TerminalServerFrame): void {
      shared.heard();
      switch (frame.type) {
        case "attached":
          // A lower offset is another program under the same name; its first byte belongs on an empty screen.
          if (offset !== undefined && frame.offset < offset) sink.reset();
          if (frame.skipped > 0) onSkipped?.(frame.skipped);
          next = acknowledged = frame.offset;
          wasAttached = true;
          attempt.up();
          create = false;
          id = frame.id;
          goOn(frame.input);
          isReadOnly = frame.readOnly === true;
          set({
            kind: "attached",
            name: frame.terminal,
            durable: frame.durable,
            ...(isReadOnly && { readOnly: true }),
          });
          if (isReadOnly) sink.resized({ cols: frame.cols, rows: frame.rows });
          else if (size().cols !== sizeSent.cols || size().rows !== sizeSent.rows) connection.resize(size());
          return;
        case "screen":
          if (frame.skipped > 0) onSkipped?.(frame.skipped);
          screenAt = frame.offset;
          return;
        case "taken":
          tellLost(input.taken(frame.offset, frame.lost));
          onTaken?.(frame.offset);
          return;
        case "size":
          sink.resized({ cols: frame.cols, rows: frame.rows });
          return;
        case "exit":
          kept.close();
          set({ kind: "ended", exitCode: frame.code, reason: frame.reason });
          return;
        case "error":
          problem = { code: frame.code, message: frame.message, next: frame.next };
          return;
        case "pong":
          return;
      }
    }

    function goOn(answer: InputAnswer | undefined): void {
      const { from, lost } = input.answered(answer, sent);
      unsentFrom ??= from;
      transmit();
      tellLost(lost);
    }

    function bytes(chunk: Uint8Array): void {
      shared.heard();
      if (screenAt !== undefined) {
        const at = screenAt;
        offset = next = at;
        screenAt = undefined;
        sink.repaint(chunk, () => acknowledge(at));
        return;
      }
      const end = next + chunk.byteLength;
      offset = next = end;
      sink.write(chunk, () => {
        if (end - acknowledged >= ACK_EVERY) acknowledge(end);
      });
    }

    function acknowledge(upTo: number): void {
      if (mine !== link || upTo <= acknowledged) return;
      acknowledged = upTo;
      mine.send({ type: "ack", offset: upTo });
    }
  }

  function transmit(): void {
    if (unsentFrom === undefined) return;
    for (const bytes of input.from(unsentFrom)) {
      for (let at = 0; at < bytes.byteLength; at += SEND_AT_MOST) link?.send(bytes.subarray(at, at + SEND_AT_MOST));
    }
    unsentFrom = input.end();
  }

  function tellLost(bytes: number): void {
    if (bytes > 0) onLost?.(bytes);
  }

  function lost(
    attempt: Attempt,
    how: Lost,
    { said, wasAttached, gaveToken }: { said: Problem | undefined; wasAttached: boolean; gaveToken: boolean },
  ): void {
    const { code, reason } = how;
    // A token that was given and missed all the same came too late: the way is slow, and nothing is wrong with it.
    const refusal = gaveToken && reason === "missing" ? undefined : REFUSALS.get(code);
    const problem = said ?? (refusal === "unauthorized" ? tokenProblem(reason) : undefined);
    // A server that failed without a word may just have ended.
    if (refusal !== undefined && (refusal !== "failed" || problem !== undefined)) {
      kept.close();
      set({ kind: "refused", refusal, problem });
      return;
    }
    if (code === CLOSE.normal) {
      kept.close();
      set({ kind: "ended", exitCode: undefined, reason: problem?.message });
      return;
    }
    attempt.lost(lossOf(how, problem, wasAttached));
    const unsent = state.kind === "reconnecting" ? state.unsent : 0;
    set(state.kind === "connecting" ? { kind: "connecting", problem } : { kind: "reconnecting", unsent, problem });
  }

  function set(next: TerminalState): void {
    state = next;
    onState(next);
  }
}
