import type { OpenedTerminal, TerminalState, Terminals } from "../ports.ts";
import { requireTerminalId, terminalNameTaken, terminalNotFound } from "./terminal-id.ts";

/** Terminals that are opened by their names, which can change; all else finds them by their ids, which stay. */
export interface NamedTerminals extends Terminals {
  /** What one is called, as it was last seen. */
  nameOf(id: string): string;
}

/** Keeps the names of a place's terminals apart. There is to be one for each place, because it is what two renames at once meet in. */
export function createNamedTerminals(terminals: Terminals): NamedTerminals {
  const names = new Map<string, string>();
  /** Names that are being given to new terminals, and how often. */
  const opening = new Map<string, number>();
  let renaming: Promise<unknown> = Promise.resolve();

  async function list(signal?: AbortSignal): Promise<TerminalState[]> {
    const states = await terminals.list(signal);
    names.clear();
    for (const { id, name } of states) names.set(id, name);
    return states;
  }

  async function open(options: Parameters<Terminals["open"]>[0]): Promise<OpenedTerminal> {
    const name = options.id;
    requireTerminalId(name);
    // What is given a name now has it before another one can be opened under it.
    await renaming;
    using _held = hold(name);
    const states = await list();
    const id = states.find((state) => state.name === name)?.id ?? freshId(name, states);
    const opened = await terminals.open({ ...options, id });
    if (opened.name !== name) await terminals.rename(id, name);
    names.set(id, name);
    return { ...opened, name };
  }

  function hold(name: string): Disposable {
    opening.set(name, (opening.get(name) ?? 0) + 1);
    return {
      [Symbol.dispose]() {
        const left = (opening.get(name) ?? 1) - 1;
        if (left === 0) opening.delete(name);
        else opening.set(name, left);
      },
    };
  }

  async function rename(id: string, name: string): Promise<void> {
    const states = await list();
    const state = states.find((other) => other.id === id);
    if (state === undefined) throw terminalNotFound(id);
    if (state.name === name) return;
    if (opening.has(name) || states.some((other) => other.name === name)) throw terminalNameTaken(name);
    await terminals.rename(id, name);
    names.set(id, name);
  }

  return {
    ...terminals,
    open,
    list,
    rename(id, name) {
      requireTerminalId(name);
      const mine = renaming.then(() => rename(id, name));
      renaming = mine.catch(() => undefined);
      return mine;
    },
    nameOf: (id) => names.get(id) ?? id,
  };
}

/** The name itself, unless one that has another name by now was made under it. */
function freshId(name: string, states: readonly TerminalState[]): string {
  if (!states.some(({ id }) => id === name)) return name;
  return `${name.slice(0, 23)}-${crypto.randomUUID().slice(0, 8)}`;
}
