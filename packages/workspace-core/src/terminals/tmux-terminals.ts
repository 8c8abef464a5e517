import { isWsError, WsError } from "../errors.ts";
import type { Box, Bytes, Clock, TerminalState, Terminals } from "../ports.ts";
import { openControlClient, type ControlClient } from "./control-client.ts";
import { END, OPEN, OPENING_WAIT_S, PASTE, RENAME, STATES } from "./holder-scripts.ts";
import { readLog } from "./log-reader.ts";
import { type Held, parseStates } from "./parse-states.ts";
import { programScript } from "./program-script.ts";
import { READ_RECORDING, RECORD, RECORD_SIZE, STOP_RECORDING } from "./recording-scripts.ts";
import { oneLine, runScript, scriptArgv } from "../in-place/run-script.ts";
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
  /** Those whose sizes belong in a recording: for all others a program would be started for nothing. */
  const recording = new Set<string>();
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
      return { ...seen(state), isNew: state.nonce === nonce };
    },
    async list(signal) {
      return (await states([], signal)).map(seen);
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
      return inOrder(id, async () => {
        await command(id, `resize-window -t m -x ${size.cols} -y ${size.rows}`);
        if (recording.has(id)) await runScript(box, RECORD_SIZE, [directoryOf(id), size.cols, size.rows], { clock });
      });
    },
    async rename(id, name) {
      requireTerminalId(id);
      requireTerminalId(name);
      const done = await inOrder(id, () => runScript(box, RENAME, [directoryOf(id), name], { clock }));
      if (done.trim() !== "ok") throw terminalNotFound(id);
    },
    async record(id, on) {
      requireTerminalId(id);
      const done = await inOrder(id, () => runScript(box, on ? RECORD : STOP_RECORDING, [directoryOf(id)], { clock }));
      if (on && done.trim() !== "ok") throw terminalNotFound(id);
      if (on) recording.add(id);
      else recording.delete(id);
    },
    async *recording(id, signal) {
      requireTerminalId(id);
      const leaving = new AbortController();
      const end = signal === undefined ? leaving.signal : AbortSignal.any([leaving.signal, signal]);
      try {
        const process = await box.run(scriptArgv(READ_RECORDING, [directoryOf(id)]), { signal: end });
        process.exit.catch(() => undefined);
        yield* process.stdout;
      } finally {
        leaving.abort();
      }
    },
    async end(id) {
      requireTerminalId(id);
      await runScript(box, END, [directoryOf(id)], { clock });
    },
  };

  function seen({ nonce: _, ...state }: Held): TerminalState {
    if (state.recording === "on") recording.add(state.id);
    else recording.delete(state.id);
    return state;
  }

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

function hex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
