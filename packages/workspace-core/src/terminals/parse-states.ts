import type { TerminalState } from "../ports.ts";
import { isOffset } from "./bounded-log.ts";
import { isScreenSide, isTerminalId } from "./terminal-id.ts";

/** A terminal as its directory tells it; the nonce is what the mark at the end of its log is known by. */
export interface Held extends TerminalState {
  nonce: string;
}

/**
 * Reads what STATES and OPEN print. It comes from files that the workspace may have written: what is no state, and what
 * names a terminal twice, is left out.
 */
export function parseStates(text: string): Held[] {
  const states = new Map<string, Held>();
  for (const line of text.split("\n")) {
    const state = parseState(line);
    if (state !== undefined && !states.has(state.id)) states.set(state.id, state);
  }
  return withoutNamesTwice([...states.values()]);
}

/** Who has only its id keeps that as its name; of several that say another one, the first has it. */
function withoutNamesTwice(states: readonly Held[]): Held[] {
  const taken = new Set(states.filter(({ id, name }) => id === name).map(({ id }) => id));
  return states.map((state) => {
    if (state.id === state.name) return state;
    if (taken.has(state.name)) return { ...state, name: state.id };
    taken.add(state.name);
    return state;
  });
}

/** A number as a shell prints it, such as an offset; undefined for anything else. */
export function parseOffset(text: string): number | undefined {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return isOffset(value) ? value : undefined;
}

const NONCE = /^[0-9a-f-]{36}$/;

function parseState(line: string): Held | undefined {
  const fields = line.split(" ", 11);
  const [id = "", , , , , , code = "", nonce = "", name = "", recording] = fields;
  const [start, end, createdAt, cols, rows] = fields.slice(1, 6).map(parseOffset);
  if (recording !== undefined && recording !== "on" && recording !== "kept") return undefined;
  if (fields.length < 9 || fields.length > 10 || !isTerminalId(id) || !NONCE.test(nonce)) return undefined;
  if (start === undefined || end === undefined || start > end || createdAt === undefined) return undefined;
  if (cols === undefined || rows === undefined) return undefined;
  // An ended one has no size.
  if (!(cols === 0 && rows === 0) && !(isScreenSide(cols) && isScreenSide(rows))) return undefined;
  const state: Held = {
    id,
    name: isTerminalId(name) ? name : id,
    start,
    end,
    createdAt,
    size: { cols, rows },
    nonce,
    ...(recording === undefined ? {} : { recording }),
  };
  if (code === "-") return state;
  const exit = parseOffset(code);
  return exit === undefined || exit > 255 ? undefined : { ...state, exit: { code: exit } };
}
