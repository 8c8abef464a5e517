import { segmentsOf } from "./relative-path.ts";

/**
 * How a pattern stands to a path: it names it or a directory above it; it can name something below it; neither. `through` says that what it
 * names below is named by way of this path, so that it would no longer be if this were called otherwise.
 */
export interface Match {
  covers: boolean;
  leads: boolean;
  through: boolean;
}

export interface Pattern {
  readonly text: string;
  match(segments: readonly string[]): Match;
}

const NO_MATCH: Match = { covers: false, leads: false, through: false };
const COVERS: Match = { covers: true, leads: true, through: false };

/**
 * A pattern of path segments, from the top: `docs` and `docs/**` are that directory with everything below, `*.md` the files at the top that end so,
 * `**` any number of directories. `*` and `?` stay within a segment, and every other character is itself.
 */
export function parsePattern(text: string, { ignoreCase = false } = {}): Pattern {
  const parts = segmentsOf(text);
  // What is named is named with all that lies below.
  while (parts.at(-1) === "**") parts.pop();
  const fold = (part: string): string => composed(ignoreCase ? part.toLowerCase() : part);
  const folded = parts.map(fold);

  function step(states: ReadonlySet<number>, segment: string): Set<number> {
    const next = new Set<number>();
    for (const state of states) {
      const part = folded[state];
      if (part === undefined) continue;
      if (part === "**") enter(next, state);
      else if (matchesSegment(part, segment)) enter(next, state + 1);
    }
    return next;
  }

  /** With the states that are reached without a segment: `**` may be none. */
  function enter(states: Set<number>, state: number): void {
    states.add(state);
    if (folded[state] === "**") enter(states, state + 1);
  }

  return {
    text,
    match(segments) {
      let states = new Set<number>();
      enter(states, 0);
      const begun = states;
      for (const segment of segments) {
        if (states.has(folded.length)) return COVERS;
        states = step(states, fold(segment));
        if (states.size === 0) return NO_MATCH;
      }
      if (states.has(folded.length)) return COVERS;
      const through = segments.length > 0 && [...states].some((state) => !(folded[0] === "**" && begun.has(state)));
      return { covers: false, leads: true, through };
    },
  };
}

/** A letter with its accent is the same letter however it was typed, and as some systems take names apart. */
function composed(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : text.normalize("NFC");
}

/** `*` any characters, `?` one; in time that grows with the product of the lengths, whatever the pattern. */
function matchesSegment(glob: string, segment: string): boolean {
  if (!/[*?]/.test(glob)) return glob === segment;
  const wanted = Array.from(glob);
  const given = Array.from(segment);
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < given.length;) {
    const one = wanted[at];
    if (one === "*") {
      star = at;
      at += 1;
      resume = index;
    } else if (one === "?" || one === given[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  while (wanted[at] === "*") at += 1;
  return at === wanted.length;
}
