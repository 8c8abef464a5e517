import type { Engine } from "./engine.ts";
import { followLogs } from "./follow-logs.ts";
import { format, missing } from "./log-lines.ts";
import { entriesAfter, placeEntries, readPlace, type LogPlace, type PlacedLine } from "./log-place.ts";
import { placeLines, type From } from "./place-lines.ts";
import type { WorkspaceId } from "./workspace.ts";

export interface LogOptions {
  tail?: number;
  follow?: boolean;
  /** Where it was read before; what comes after is told, whatever the `tail`. */
  after?: string | undefined;
  signal?: AbortSignal;
}

/**
 * What the agent did for the workspace, then what the place printed; with `follow`, both as they come. What the agent
 * did is told without an engine too, and a line says what is missing then.
 */
export async function* readLogs(engine: Engine, id: WorkspaceId, options: LogOptions): AsyncGenerator<PlacedLine> {
  const { signal } = options;
  const read = readPlace(options.after ?? "");
  const tail = read === undefined ? options.tail : undefined;
  // Of none the last one is asked for all the same, because it tells where to go on.
  const from: From = tail === undefined ? {} : { tail: Math.max(1, tail) };
  if (read?.after !== undefined) from.after = read.after;
  const placeOf = placeEntries();
  // Begun before anything is read, so that nothing is missed in between.
  using following = options.follow === true ? followLogs(engine, id, signal, placeOf) : undefined;
  let place = read ?? {};
  for await (const line of present(engine, id, { from, tail, read, placeOf, signal })) {
    const placed = reached(line);
    if (placed.text !== "") yield placed;
  }
  if (following === undefined) return;
  for await (const line of following.lines(from)) yield reached(line);

  function reached({ text, source, place: further }: PlacedLine): PlacedLine {
    place = { ...place, ...further };
    return { text, source, place };
  }
}

interface Present {
  from: From;
  tail: number | undefined;
  read: LogPlace | undefined;
  placeOf: ReturnType<typeof placeEntries>;
  signal: AbortSignal | undefined;
}

/** What is not told, because only the last lines were asked for, has no text. */
async function* present(
  engine: Engine,
  id: WorkspaceId,
  { from, tail, read, placeOf, signal }: Present,
): AsyncGenerator<PlacedLine> {
  const entries = engine.store.readLog(id).map((entry) => ({ ...entry, said: placeOf(entry) }));
  const fresh = read?.said === undefined ? entries : entriesAfter(entries, read.said);
  const said: PlacedLine[] = fresh.map((entry) => ({
    text: format(entry),
    source: entry.source,
    place: { said: entry.said },
  }));
  let failure: unknown;
  try {
    const own = said.length;
    for await (const { text, after } of placeLines(engine, id, from, { signal })) {
      said.push({ text, source: "output", place: after === undefined ? {} : { after } });
    }
    // Where nothing was printed yet, all that comes is new.
    if (said.length === own) delete from.tail;
  } catch (error) {
    failure = error;
  }
  if (tail === 0 && from.tail !== undefined) from.tail = 0;
  const first = tail === undefined ? 0 : Math.max(0, said.length - tail);
  for (const [index, line] of said.entries()) yield { ...line, text: index < first ? "" : line.text };
  if (failure !== undefined) yield { text: missing(engine, failure), source: "agent", place: {} };
}
