import type { Clock, Log, PlaceUsage, Runtime, Store } from "../ports.ts";
import { statusOf, type RuntimeName, type WorkspaceId, type WorkspaceRecord } from "../workspace.ts";
import { createReadings, type WorkspaceUsage } from "./readings.ts";

/** One reading of what workspaces use, shared by all who look. */
export interface SharedUsage {
  /** Of the running ones, or of this one, until the signal aborts; a slow reader gets the latest. */
  read(signal: AbortSignal, only?: WorkspaceId): AsyncGenerator<readonly WorkspaceUsage[], void>;
}

const INTERVAL_MS = 2_000;
/** A share of the processor needs two readings: whoever begins to look soon has the second. */
const SECOND_MS = 500;

interface Listener {
  only: WorkspaceId | undefined;
  latest?: readonly WorkspaceUsage[];
  wake: () => void;
}

/**
 * Nothing is read while nobody looks. A runtime is asked again only once it has answered, so that a slow one is asked less often and holds up
 * no other.
 */
export function createSharedUsage({
  runtimes,
  store,
  clock,
  log,
  everyMs = () => INTERVAL_MS,
}: {
  runtimes: readonly Runtime[];
  store: Pick<Store, "list">;
  clock: Clock;
  log: Log;
  /** How often so many are read. */
  everyMs?: (running: number) => number;
}): SharedUsage {
  const listeners = new Set<Listener>();
  /** Runtimes that have not answered yet, also to a reading that has ended since. */
  const asked = new Map<RuntimeName, Promise<void>>();
  let going: { ending: AbortController; tellOne: (listener: Listener) => void } | undefined;

  function running(): WorkspaceRecord[] {
    return store.list().filter((record) => statusOf(record) === "running");
  }

  function begin(): NonNullable<typeof going> {
    const ending = new AbortController();
    const readings = createReadings(clock);
    /** `of` is whom the reading was for: undefined among them for all. */
    let told: { usages: readonly WorkspaceUsage[]; of: ReadonlySet<WorkspaceId | undefined> } | undefined;

    async function ask(runtime: Runtime, ids: readonly WorkspaceId[]): Promise<void> {
      try {
        const usages: readonly PlaceUsage[] = (await runtime.usage?.(ids, ending.signal)) ?? [];
        for (const usage of usages) readings.take(usage);
      } catch (error) {
        if (!ending.signal.aborted) log.debug("what workspaces use cannot be read", { runtime: runtime.name, error });
      }
    }

    /** How long it is until the next one. */
    async function round(): Promise<number> {
      const of = new Set([...listeners].map(({ only }) => only));
      const wanted = running().filter(({ id }) => of.has(undefined) || of.has(id));
      const interval = everyMs(wanted.length);
      for (const runtime of runtimes) {
        const ids = wanted.filter((record) => record.runtime === runtime.name).map(({ id }) => id);
        if (ids.length === 0 || asked.has(runtime.name)) continue;
        asked.set(
          runtime.name,
          ask(runtime, ids).finally(() => asked.delete(runtime.name)),
        );
      }
      const late = new AbortController();
      await Promise.race([
        Promise.all(asked.values()),
        clock.sleep(interval, AbortSignal.any([ending.signal, late.signal])).catch(() => undefined),
      ]);
      late.abort();
      // Looked at again: what was deleted or stopped meanwhile is no longer told of.
      told = { usages: readings.of(running()), of };
      for (const listener of listeners) tellOne(listener);
      return interval;
    }

    /** Who came too late to be read for is told by the next. */
    function tellOne(listener: Listener): void {
      const { only } = listener;
      if (told === undefined || !(told.of.has(undefined) || told.of.has(only))) return;
      listener.latest = only === undefined ? told.usages : told.usages.filter(({ id }) => id === only);
      listener.wake();
    }

    async function goOn(): Promise<void> {
      for (let isFirst = true; !ending.signal.aborted; isFirst = false) {
        const began = clock.monotonic();
        const interval = await round();
        const pause = Math.max(SECOND_MS, (isFirst ? SECOND_MS : interval) - (clock.monotonic() - began));
        await clock.sleep(pause, ending.signal).catch(() => undefined);
      }
    }

    void goOn();
    return { ending, tellOne };
  }

  return {
    async *read(signal, only) {
      const listener: Listener = { only, wake: () => undefined };
      const onAbort = (): void => listener.wake();
      signal.addEventListener("abort", onAbort, { once: true });
      listeners.add(listener);
      try {
        if (!signal.aborted) {
          going ??= begin();
          going.tellOne(listener);
        }
        while (!signal.aborted) {
          const { latest } = listener;
          delete listener.latest;
          if (latest !== undefined) yield latest;
          else await new Promise<void>((resolve) => (listener.wake = resolve));
        }
      } finally {
        signal.removeEventListener("abort", onAbort);
        listeners.delete(listener);
        if (listeners.size === 0) {
          going?.ending.abort();
          going = undefined;
        }
      }
    },
  };
}
