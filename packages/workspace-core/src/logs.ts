import type { Engine } from "./engine.ts";
import { lines } from "./lines.ts";
import type { LogEntry } from "./ports.ts";
import type { WorkspaceId } from "./workspace.ts";

export interface LogOptions {
  tail?: number;
  follow?: boolean;
  signal?: AbortSignal;
}

/** What the agent did for the workspace, then what the place printed; with `follow`, both as they come. */
export async function* readLogs(engine: Engine, id: WorkspaceId, options: LogOptions): AsyncGenerator<string> {
  const { tail, signal } = options;
  const fresh: LogEntry[] = [];
  const stopListening = engine.records.onLog(id, (entry) => fresh.push(entry));
  try {
    const said = engine.store.readLog(id).map(format);
    for await (const line of placeLines(engine, id, options)) said.push(line);
    yield* tail === undefined ? said : said.slice(said.length - Math.min(tail, said.length));
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

async function followPlace(
  engine: Engine,
  id: WorkspaceId,
  push: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const changes = engine.events.subscribe(signal)[Symbol.asyncIterator]();
  for (;;) {
    const record = engine.store.get(id);
    if (record === undefined || record.phase === "cleaned_up" || signal.aborted) return;
    if (record.power === "running" && record.handle !== undefined) {
      const source = engine.runtime(record.runtime).logs(id, { tail: 0, follow: true, signal });
      for await (const line of lines(source)) push(`${line}\n`);
    }
    if ((await changes.next()).done === true) return;
  }
}

function format({ at, line }: LogEntry): string {
  return `${new Date(at).toISOString()} ${line}\n`;
}
