/** What typing means for a screen, as far as it can be foretold. */
export type Key =
  | { kind: "text"; text: string }
  | { kind: "erase" }
  | { kind: "move"; by: -1 | 1 }
  | { kind: "unknown" };

/** More at once is a paste: nobody waits to see each of its letters. */
const LONGEST = 100;

/** The keys of one chunk of input. One that cannot be foretold stands for all of it. */
export function keysOf(data: string): Key[] {
  if (data.length > LONGEST) return [{ kind: "unknown" }];
  const move = MOVES.get(data);
  if (move !== undefined) return [{ kind: "move", by: move }];
  const keys = Array.from(data, toKey);
  return keys.some(({ kind }) => kind === "unknown") ? [{ kind: "unknown" }] : keys;
}

const MOVES = new Map<string, -1 | 1>([
  ["\u001b[C", 1],
  ["\u001bOC", 1],
  ["\u001b[D", -1],
  ["\u001bOD", -1],
]);

function toKey(text: string): Key {
  if (text === "\u007f" || text === "\b") return { kind: "erase" };
  // Elsewhere a letter may be two cells wide, or none.
  return /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f]$/.test(text) ? { kind: "text", text } : { kind: "unknown" };
}
