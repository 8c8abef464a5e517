import type { WorkspaceEvent } from "./api.ts";
import type { Engine } from "./engine.ts";
import { isEngineGone, toWsError } from "./errors.ts";
import { lines } from "./lines.ts";
import type { LogEntry } from "./ports.ts";
import type { WorkspaceId, WorkspaceRecord } from "./workspace.ts";

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
  const stopListening = engine.records.onLog(id, (entry) => fresh.push(entry));
  try {
    const said = engine.store.readLog(id).map(format);
    let failure: unknown;
    try {
      for await (const line of placeLines(engine, id, options)) said.push(line);
    } catch (error) {
      failure = error;
    }
    yield* tail === undefined ? said : said.slice(said.length - Math.min(tail, said.length));
    if (failure !== undefined) yield missing(engine, failure);
  } finally {
    stopListening();
  }
  if (options.follow === true) yield* follow(engine, id, fresh, signal);
}

async function* placeLines(engine: Engine, id: WorkspaceId, { tail, signal }: LogOptions): AsyncGenerator<string> {
  const record = engine.store.get(id);
  if (record?.handle === undefined) return;
  const source = engine.runtime(record.runtime).logs(id, {
    ...(tail === undefined ? {} : { tail }),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const line of lines(source)) yield `${line}\n`;
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

/** Two sources into one queue; the place's own is asked for again each time the workspace starts. */
async function* follow(
  engine: Engine,
  id: WorkspaceId,
  missed: readonly LogEntry[],
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
  const end = (): void => wake();
  signal.addEventListener("abort", end, { once: true });
  const stopListening = engine.records.onLog(id, (entry) => push(format(entry)));
  void followPlace(engine, id, push, signal).catch((error: unknown) => {
    if (!signal.aborted) engine.log.warn("following a log failed", { id, error });
  });
  try {
    while (!signal.aborted) {
      const line = queue.shift();
      if (line !== undefined) yield line;
      else await new Promise<void>((resolve) => (wake = resolve));
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
  push: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const news = listenFor(engine, id, signal);
  let isTold = false;
  for (;;) {
    const record = engine.store.get(id);
    if (record === undefined || record.phase === "cleaned_up" || signal.aborted) return;
    let isLost = false;
    try {
      for await (const line of placeLive(engine, record, signal)) {
        isTold = false;
        push(`${line}\n`);
      }
    } catch (error) {
      if (signal.aborted) return;
      const line = missing(engine, error);
      if (!isTold) push(line);
      isTold = true;
      isLost = true;
    }
    await news.wait(isLost ? RETRY_MS : undefined);
  }
}

async function* placeLive(engine: Engine, record: WorkspaceRecord, signal: AbortSignal): AsyncGenerator<string> {
  if (record.power !== "running" || record.handle === undefined) return;
  yield* lines(engine.runtime(record.runtime).logs(record.id, { tail: 0, follow: true, signal }));
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
