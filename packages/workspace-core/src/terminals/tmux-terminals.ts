import { isWsError, WsError } from "../errors.ts";
import type { Box, Bytes, TerminalState, Terminals } from "../ports.ts";
import { openControlClient, type ControlClient } from "./control-client.ts";
import { END, OPEN, PASTE, STATES } from "./holder-scripts.ts";
import { readLog } from "./log-reader.ts";
import { programScript } from "./program-script.ts";
import { runScript } from "./run-script.ts";
import { requireTerminalId, requireTerminalSize, terminalNotFound } from "./terminal-id.ts";

/** Above this one process that pastes is quicker than tmux's reading of so many hexadecimal numbers. */
const TYPED_BYTES = 512;

interface Held extends TerminalState {
  nonce: string;
}

/** Terminals held by tmux: it keeps program and pseudo-terminal, and writes the program's bytes to a log. */
export function createTmuxTerminals(
  box: Box,
  place: { directory: string; keepBytes: number; interval: string },
): Terminals {
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
    return parseStates(await runScript(box, STATES, [place.directory, ...ids], { signal }));
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
        runScript(box, OPEN, args, { stdin, ...(env === undefined ? {} : { env }) }),
      );
      if (opened.startsWith("!")) throw unwritable(id, opened.slice(1).trim());
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
      yield* readLog({ box, directory, nonce: state.nonce, from: first, interval: place.interval, signal });
    },
    write(id, bytes) {
      requireTerminalId(id);
      if (bytes.length > TYPED_BYTES) {
        return inOrder(id, async () => {
          await runScript(box, PASTE, [directoryOf(id)], { stdin: bytes }).catch(async (error: unknown) => {
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
      await runScript(box, END, [directoryOf(id)]);
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

function visible({ nonce: _, ...state }: Held): TerminalState {
  return state;
}

function parseStates(text: string): Held[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", start, end, created, cols, rows, code = "-", nonce = ""] = line.split(" ");
      return {
        id,
        start: Number(start),
        end: Number(end),
        createdAt: Number(created),
        size: { cols: Number(cols), rows: Number(rows) },
        nonce,
        ...(code === "-" ? {} : { exit: { code: Number(code) } }),
      };
    });
}

function hex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
