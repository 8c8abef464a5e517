import { type Clock, type Place, type PlaceUsage, timeLimit } from "@ws/workspace-core";
import type Docker from "dockerode";

import type { Engine } from "./engine.ts";

/** So many at once: an engine looks at each of them by itself. */
const MOST = 16;
/** What an engine does not tell of one container by then, it may never tell. */
const PATIENCE_MS = 5_000;

/** What containers use, in no order; one that has ended, or of which the engine does not tell, is left out. */
export async function usageOf(
  { engine, clock }: { engine: Engine; clock: Pick<Clock, "sleep"> },
  places: readonly Place[],
  signal?: AbortSignal,
): Promise<PlaceUsage[]> {
  const usages: PlaceUsage[] = [];
  const rest = places.values();
  const work = async (): Promise<void> => {
    for (const { id, handle } of rest) {
      const stats = await statsOf(handle);
      const usage = stats === undefined ? undefined : fromStats(stats);
      if (usage !== undefined) usages.push({ id, ...usage });
    }
  };

  async function statsOf(container: string): Promise<Partial<Docker.ContainerStats> | undefined> {
    using limit = timeLimit(clock, PATIENCE_MS);
    try {
      const { value } = await engine.attempt(
        [404, 409, 500],
        // Without one-shot an engine waits for a second reading of its own, which takes it two seconds.
        (docker) => docker.getContainer(container).stats({ stream: false, "one-shot": true }),
        signal === undefined ? limit.signal : AbortSignal.any([signal, limit.signal]),
      );
      return value;
    } catch (error) {
      if (limit.signal.aborted && signal?.aborted !== true) return undefined;
      throw error;
    }
  }

  await Promise.all(Array.from({ length: MOST }, work));
  return usages;
}

/** What an engine says of one container; nothing of one that does not run, which it answers with zeros. */
export function fromStats(stats: Partial<Docker.ContainerStats>): Omit<PlaceUsage, "id"> | undefined {
  const atMs = Date.parse(stats.read ?? "");
  const usedNs = stats.cpu_stats?.cpu_usage?.total_usage;
  const memoryBytes = memoryOf(stats.memory_stats);
  const processes = stats.pids_stats?.current;
  // Its year is 1 where nothing was read.
  if (!(atMs > 0) || (memoryBytes === undefined && processes === undefined)) return undefined;
  return {
    ...(usedNs === undefined ? {} : { cpu: { usedMs: usedNs / 1e6, atMs } }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
    ...(processes === undefined ? {} : { processes }),
  };
}

/** Files that were read and could be dropped are in an engine's number; what they are called differs between cgroups v1 and v2. */
function memoryOf(memory: Docker.ContainerStats["memory_stats"] | undefined): number | undefined {
  const { usage, stats } = (memory ?? {}) as { usage?: number; stats?: Record<string, number> };
  if (usage === undefined) return undefined;
  return Math.max(0, usage - (stats?.["total_inactive_file"] ?? stats?.["inactive_file"] ?? 0));
}
