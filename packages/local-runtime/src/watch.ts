import type { Clock, RuntimeEvent, WorkspaceId } from "@ws/workspace-core";
import { isHeld } from "./holder.ts";
import type { OpenBoxes } from "./open-boxes.ts";
import type { PlacePaths } from "./place.ts";
import { ENDED, unlessUnreadable, type Registry } from "./registry.ts";

/** Places that end without anybody having asked: nothing tells of that, so it is looked for. */
export interface Watch {
  /** Until the signal aborts. */
  exits(signal: AbortSignal): AsyncGenerator<RuntimeEvent>;
  /** Resolves once a place no longer runs, or the signal aborts. */
  untilEnded(paths: PlacePaths, signal: AbortSignal | undefined): Promise<void>;
}

const INTERVAL_MS = 500;

export function createWatch(options: {
  registry: Registry;
  boxes: OpenBoxes;
  clock: Clock;
  /** Whether a change of the place is under way, which then explains an end. */
  isChanging: (id: WorkspaceId) => boolean;
}): Watch {
  const { registry, boxes, clock, isChanging } = options;
  const interval = (signal: AbortSignal | undefined): Promise<void> =>
    clock.sleep(INTERVAL_MS, signal).catch(() => undefined);

  async function look(reported: Map<WorkspaceId, number>): Promise<RuntimeEvent[]> {
    const events: RuntimeEvent[] = [];
    for (const paths of await registry.all()) {
      const record = await unlessUnreadable(registry.read(paths));
      if (record?.power !== "running" || record.holder === undefined || isHeld(record.holder)) continue;
      if (reported.get(paths.id) === record.holder.pid || isChanging(paths.id)) continue;
      reported.set(paths.id, record.holder.pid);
      await boxes.close(paths.id);
      events.push({ type: "exited", id: paths.id, exit: { ...ENDED } });
    }
    return events;
  }

  return {
    async *exits(signal) {
      const reported = new Map<WorkspaceId, number>();
      while (!signal.aborted) {
        yield* await look(reported);
        await interval(signal);
      }
    },
    async untilEnded(paths, signal) {
      while (signal?.aborted !== true && (await registry.place(paths))?.power === "running") await interval(signal);
    },
  };
}
