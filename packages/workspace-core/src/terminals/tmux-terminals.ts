import { isWsError, WsError } from "../errors.ts";
import type { Box, Bytes, Clock, TerminalState, Terminals } from "../ports.ts";
import { openControlClient, type ControlClient } from "./control-client.ts";
import { END, OPEN, OPENING_WAIT_S, PASTE, STATES } from "./holder-scripts.ts";
import { readLog } from "./log-reader.ts";
import { type Held, parseStates } from "./parse-states.ts";
import { programScript } from "./program-script.ts";
import { oneLine, runScript } from "../in-place/run-script.ts";
import { requireTerminalId, requireTerminalSize, terminalNotFound } from "./terminal-id.ts";

/** Above this one process that pastes is quicker than tmux's reading of so many hexadecimal numbers. */
const TYPED_BYTES = 512;

/** Terminals held by tmux: it keeps program and pseudo-terminal, and writes the program's bytes to a log. */
export function createTmuxTerminals(
  box: Box,
  place: { directory: string; keepBytes: number; interval: string; clock: Pick<Clock, "sleep"> },
): Terminals {
  const { clock } = place;
  const controls = new Map<string, Promise<ControlClient>>();
  const queues = new Map<string, Promise<unknown>>();
  const directoryOf = (id: string): string => `${place.directory}/${id}`;

  /** One after the other for each terminal: a short write must not overtake a long one. */
  function inOrder<T>(id: string, work: () => Promise<T>): Promise<T> {
    const mine = (queues.get(id) ?? Promise.resolve()).then(work, work);
    const settled = mine
      .catch(() => undefined)
      .then(() => {
        if (queues.get(id) === settled) queues.delete(id);
      });
    queues.set(id, settled);
    return mine;
  }

  async function states(ids: readonly string[], signal?: AbortSignal): Promise<Held[]> {
    return parseStates(await runScript(box, STATES, [place.directory, ...ids], { clock, signal }));
  }

  function control(id: string): Promise<ControlClient> {
    const existing = controls.get(id);
    if (existing !== undefined) return existing;
    const mine = openControlClient(box, directoryOf(id));
    controls.set(id, mine);
    const forget = (): void => {
      if (controls.get(id) === mine) controls.delete(id);
    };
    mine.then((client) => client.closed.then(forget), forget);
    return mine;
  }

  async function command(id: string, line: string): Promise<void> {
    const client = await control(id);
    try {
      await client.command(line);
    } catch (error) {
      throw isWsError(error) ? error : terminalNotFound(id);
    }
  }

  return {
    durable: true,
    async open({ id, argv, size, cwd = box.home, env }) {
      requireTerminalId(id);
      requireTerminalSize(size);
      const nonce = crypto.randomUUID();
      const stdin = new TextEncoder().encode(programScript(argv, cwd));
      const args = [place.directory, id, size.cols, size.rows, place.keepBytes, nonce];
      const opened = await inOrder(id, () =>
        runScript(box, OPEN, args, { clock, stdin, ...(env === undefined ? {} : { env }) }),
      );
      if (opened.startsWith("!")) throw unwritable(id, oneLine(opened.slice(1, 200)));
      if (opened.startsWith("?")) throw busy(id);
      const [state] = parseStates(opened);
      if (state === undefined) throw terminalNotFound(id);
      return visible(state);
    },
    async list(signal) {
      return (await states([], signal)).map(visible);
    },
    async *read(id, from, signal) {
      requireTerminalId(id);
      const [state] = await states([id], signal);
      if (state === undefined) throw terminalNotFound(id);
      const first = Math.min(Math.max(from, state.start), state.end);
      const directory = directoryOf(id);
      yield* readLog({ box, clock, directory, nonce: state.nonce, from: first, interval: place.interval, signal });
    },
    write(id, bytes) {
      requireTerminalId(id);
      if (bytes.length > TYPED_BYTES) {
        return inOrder(id, async () => {
          await runScript(box, PASTE, [directoryOf(id)], { clock, stdin: bytes }).catch(async (error: unknown) => {
            throw isWsError(error, "internal") && (await ended(id)) ? terminalNotFound(id) : error;
          });
        });
      }
      return inOrder(id, () =>
        bytes.length === 0 ? Promise.resolve() : command(id, `send-keys -t m -H ${hex(bytes)}`),
      );
    },
    resize(id, size) {
      requireTerminalId(id);
      requireTerminalSize(size);
      return inOrder(id, () => command(id, `resize-window -t m -x ${size.cols} -y ${size.rows}`));
    },
    async end(id) {
      requireTerminalId(id);
      await runScript(box, END, [directoryOf(id)], { clock });
    },
  };

  async function ended(id: string): Promise<boolean> {
    const [state] = await states([id]);
    return state?.exit !== undefined || state === undefined;
  }
}

function unwritable(id: string, why: string): WsError<"box_feature_missing"> {
  return new WsError("box_feature_missing", {
    message: `The terminal '${id}' could not be started, because its output cannot be kept: ${why || "perl said nothing"}`,
    next: "Check that 'perl -MFcntl -e 1' works in the workspace, with the PATH that its terminals have, and open it again.",
    data: { feature: "terminals", missing: ["perl"] },
  });
}

function busy(id: string): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `The terminal '${id}' is being opened already, and that does not end.`,
    next: "See what the workspace is busy with, or restart it.",
    data: { afterMs: OPENING_WAIT_S * 1_000 },
  });
}

function visible({ nonce: _, ...state }: Held): TerminalState {
  return state;
}

function hex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
