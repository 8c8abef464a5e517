import type { WorkspaceEvent } from "./api.ts";
import type { Engine } from "./engine.ts";
import { isEngineGone, toWsError } from "./errors.ts";
import { placeLines, type From } from "./place-lines.ts";
import type { LogEntry } from "./ports.ts";
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
  const fresh: LogEntry[] = [];
  // Of none the last one is asked for all the same, because it tells where to go on.
  const from: From = tail === undefined ? {} : { tail: Math.max(1, tail) };
  const stopListening = engine.records.onLog(id, (entry) => fresh.push(entry));
  try {
    const said = engine.store.readLog(id).map(format);
    let failure: unknown;
    try {
      for await (const line of placeLines(engine, id, from, { signal })) said.push(line);
      delete from.tail;
    } catch (error) {
      failure = error;
      if (tail === 0 && from.tail !== undefined) from.tail = 0;
    }
    yield* tail === undefined ? said : said.slice(said.length - Math.min(tail, said.length));
    if (failure !== undefined) yield missing(engine, failure);
  } finally {
    stopListening();
  }
  if (options.follow === true) yield* follow(engine, id, fresh, from, signal);
}

/** The line in the place of what the engine did not give. Throws what is no absence of the engine. */
function missing(engine: Engine, error: unknown): string {
  if (!isEngineGone(error)) throw error;
  const { message, next = "" } = toWsError(error);
  return format({
    at: engine.clock.now(),
    line: `What it printed itself cannot be read now: ${message} ${next}`.trimEnd(),
  });
}

/** Two sources into one queue, until the workspace is deleted; the place's own is asked for again at each start. */
async function* follow(
  engine: Engine,
  id: WorkspaceId,
  missed: readonly LogEntry[],
  from: From,
  outer: AbortSignal | undefined,
): AsyncGenerator<string> {
  const done = new AbortController();
  const signal = outer === undefined ? done.signal : AbortSignal.any([outer, done.signal]);
  const queue = missed.map(format);
  let wake = (): void => undefined;
  const push = (line: string): void => {
    queue.push(line);
    wake();
  };
  let over: { failure?: unknown } | undefined;
  const end = (how: { failure?: unknown }): void => {
    over = how;
    wake();
  };
  signal.addEventListener("abort", () => end({}), { once: true });
  const stopListening = engine.records.onLog(id, (entry) => push(format(entry)));
  followPlace(engine, id, from, push, signal).then(
    () => end({}),
    (failure: unknown) => end({ failure }),
  );
  try {
    while (!signal.aborted) {
      const line = queue.shift();
      if (line !== undefined) yield line;
      else if (over === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else if (over.failure === undefined) return;
      else throw over.failure;
    }
  } finally {
    stopListening();
    done.abort();
  }
}

/** A connection may be lost that nobody else misses, so that no event tells of its return. */
const RETRY_MS = 2_000;

async function followPlace(
  engine: Engine,
  id: WorkspaceId,
  from: From,
  push: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const news = listenFor(engine, id, signal);
  let isTold = false;
  let isLost = false;
  for (;;) {
    const record = engine.store.get(id);
    if (record === undefined || record.phase === "cleaned_up" || signal.aborted) return;
    try {
      // What was lost is asked for also where the place has ended since.
      if (record.power === "running" || isLost) {
        for await (const line of placeLines(engine, id, from, { follow: true, signal })) {
          isTold = false;
          push(line);
        }
      }
      isLost = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isGoing(engine, id)) {
        const line = missing(engine, error);
        if (!isTold) push(line);
        isTold = true;
        isLost = true;
      }
    }
    await news.wait(isLost ? RETRY_MS : undefined);
  }
}

/** A place that is being removed may refuse to be read. */
function isGoing(engine: Engine, id: WorkspaceId): boolean {
  const record = engine.store.get(id);
  return record?.operation?.kind === "delete" || record?.phase === "cleaned_up";
}

/** Waits for a change of one workspace or the return of its engine since the last wait, at most for some time. */
function listenFor(
  engine: Engine,
  id: WorkspaceId,
  signal: AbortSignal,
): { wait(atMostMs: number | undefined): Promise<void> } {
  let hasNews = false;
  let wake = (): void => undefined;
  const concerns = (event: WorkspaceEvent): boolean => {
    if (event.type === "changed") return event.record.id === id;
    if (event.type === "engine") return event.available && event.runtime === engine.store.get(id)?.runtime;
    return event.type === "removed" && event.id === id;
  };
  const listen = async (): Promise<void> => {
    for await (const event of engine.events.subscribe(signal)) {
      if (!concerns(event)) continue;
      hasNews = true;
      wake();
    }
    wake();
  };
  void listen();

  return {
    async wait(atMostMs) {
      const waited = new AbortController();
      if (!hasNews && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (atMostMs === undefined) return;
          engine.clock.sleep(atMostMs, waited.signal).then(resolve, () => undefined);
        });
      }
      waited.abort();
      hasNews = false;
    },
  };
}

function format({ at, line }: Pick<LogEntry, "at" | "line">): string {
  return `${new Date(at).toISOString()} ${line}\n`;
}
