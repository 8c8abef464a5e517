import type { Clock } from "@ws/workspace-core";

import type { Endings } from "./container-status.ts";

export interface EndingsMemory extends Endings {
  expect(container: string): void;
  /** It runs again: what was remembered is about an earlier life. */
  started(container: string): void;
  outOfMemory(container: string): void;
  ended(container: string): void;
}

/** Remembers, per container, why it will end or has ended; forgets the oldest beyond `limit`. */
export function createEndings(clock: Clock, limit = 10_000): EndingsMemory {
  const expected = new Set<string>();
  const oom = new Map<string, { at: number; fatal: boolean }>();

  function trim(collection: Set<string> | Map<string, unknown>): void {
    if (collection.size <= limit) return;
    const oldest = collection.keys().next();
    if (oldest.done !== true) collection.delete(oldest.value);
  }

  return {
    expected: (container) => expected.has(container),
    ranOutOfMemory: (container) => oom.get(container)?.fatal === true,
    expect(container) {
      expected.add(container);
      trim(expected);
    },
    started(container) {
      expected.delete(container);
      oom.delete(container);
    },
    outOfMemory(container) {
      oom.set(container, { at: clock.monotonic(), fatal: false });
      trim(oom);
    },
    ended(container) {
      const last = oom.get(container);
      // A process may be killed for memory and the place live on: only what ends at once ended by it.
      if (last !== undefined) last.fatal = clock.monotonic() - last.at < 5_000;
    },
  };
}
