import type { Engine } from "./engine.ts";
import { followLogs } from "./follow-logs.ts";
import { format, missing } from "./log-lines.ts";
import { placeLines, type From } from "./place-lines.ts";
import type { WorkspaceId } from "./workspace.ts";

export interface LogOptions {
  tail?: number;
  follow?: boolean;
  signal?: AbortSignal;
}

/**
 * What the agent did for the workspace, then what the place printed; with `follow`, both as they come. What the agent
 * did is told without an engine too, and a line says what is missing then.
 */
export async function* readLogs(engine: Engine, id: WorkspaceId, options: LogOptions): AsyncGenerator<string> {
  const { tail, signal } = options;
  // Of none the last one is asked for all the same, because it tells where to go on.
  const from: From = tail === undefined ? {} : { tail: Math.max(1, tail) };
  // Begun before anything is read, so that nothing is missed in between.
  using following = options.follow === true ? followLogs(engine, id, signal) : undefined;
  yield* present(engine, id, from, options);
  if (following !== undefined) yield* following.lines(from);
}

async function* present(engine: Engine, id: WorkspaceId, from: From, options: LogOptions): AsyncGenerator<string> {
  const { tail, signal } = options;
  const said = engine.store.readLog(id).map(format);
  let failure: unknown;
  try {
    const own = said.length;
    for await (const line of placeLines(engine, id, from, { signal })) said.push(line);
    // Where nothing was printed yet, all that comes is new.
    if (said.length === own) delete from.tail;
  } catch (error) {
    failure = error;
  }
  if (tail === 0 && from.tail !== undefined) from.tail = 0;
  yield* tail === undefined ? said : said.slice(said.length - Math.min(tail, said.length));
  if (failure !== undefined) yield missing(engine, failure);
}
