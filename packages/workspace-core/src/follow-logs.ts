import type { WorkspaceEvent } from "./events.ts";
import type { Engine } from "./engine.ts";
import { createFollowQueue, type FollowQueue } from "./follow-queue.ts";
import { format, missing } from "./log-lines.ts";
import type { PlacedLine, placeEntries } from "./log-place.ts";
import { placeLines, type From } from "./place-lines.ts";
import type { WorkspaceId } from "./workspace.ts";

/** What the agent does for a workspace, from the call on, and what its place prints, once it is asked for. */
export interface Following extends Disposable {
  /**
   * Until the workspace is deleted; the place's own is asked for again at each start. A place is read no faster than this
   * is, and of what the agent does lines are left out where nobody reads for long.
   */
  lines(from: From): AsyncGenerator<PlacedLine>;
}

/** What comes without it is a line in the place of others, which the agent says. */
type Origin = Pick<PlacedLine, "source" | "place">;

export function followLogs(
  engine: Engine,
  id: WorkspaceId,
  outer: AbortSignal | undefined,
  placeOf: ReturnType<typeof placeEntries>,
): Following {
  const queue = createFollowQueue<Origin>({
    leftOut: (count) =>
      format({ at: engine.clock.now(), line: `Lines left out because they were not read in time: ${count}.` }),
  });
  const done = new AbortController();
  const signal = outer === undefined ? done.signal : AbortSignal.any([outer, done.signal]);
  const stopListening = engine.records.onLog(id, (entry) =>
    queue.add(format(entry), { source: entry.source, place: { said: placeOf(entry) } }),
  );
  const stop = (): void => {
    stopListening();
    queue.close();
  };
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });

  return {
    async *lines(from) {
      followPlace(engine, id, from, queue, signal).then(
        () => queue.end(),
        (failure: unknown) => queue.end({ failure }),
      );
      for await (const { text, place: origin } of queue.read()) {
        yield { text, source: origin?.source ?? "agent", place: origin?.place ?? {} };
      }
    },
    [Symbol.dispose]: () => done.abort(),
  };
}

/** A connection may be lost that nobody else misses, so that no event tells of its return. */
const RETRY_MS = 2_000;

async function followPlace(
  engine: Engine,
  id: WorkspaceId,
  from: From,
  queue: FollowQueue<Origin>,
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
        for await (const { text, after } of placeLines(engine, id, from, { follow: true, signal })) {
          isTold = false;
          await queue.offer(text, { source: "output", place: after === undefined ? {} : { after } });
          // Left here, so that whoever prints for ever is let go of at once.
          if (signal.aborted) return;
        }
      }
      isLost = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!isGoing(engine, id)) {
        const line = missing(engine, error);
        if (!isTold) await queue.offer(line);
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
