import type { Clock, PlaceUsage, WorkspaceId } from "@ws/workspace-core";
import { isHeld, PLACE_MARK } from "./holder.ts";
import type { Holder } from "./place.ts";
import { listWithZombies, namespaceOf, ownMemory, variablesOf, type ProcessEntry } from "./processes.ts";
import { ticksSince } from "./ticks-since.ts";

/** A running place, as its processes are found by. */
export interface HeldPlace {
  readonly id: WorkspaceId;
  readonly state: string;
  readonly holder: Holder;
}

/** What the processes of places use; of how much time they had, it remembers what was there last. */
export interface UsageReader {
  /** Those that have ended meanwhile are left out, and all where there is no /proc. */
  read(places: readonly HeldPlace[]): PlaceUsage[];
}

/** What /proc counts time in, on every machine that Node runs on. */
const TICK_MS = 10;

interface Counted {
  readonly holder: Holder;
  usedMs: number;
  processes: readonly ProcessEntry[];
}

export function createUsageReader(clock: Pick<Clock, "monotonic">): UsageReader {
  const counted = new Map<WorkspaceId, Counted>();

  function timeOf({ id, holder }: HeldPlace, processes: readonly ProcessEntry[]): number {
    const known = counted.get(id);
    const isSame = known?.holder.pid === holder.pid && known.holder.startTime === holder.startTime;
    const before = isSame ? known : undefined;
    const added = before === undefined ? 0 : TICK_MS * ticksSince(before.processes, processes, holder.pid);
    const usedMs = (before?.usedMs ?? 0) + added;
    counted.set(id, { holder, usedMs, processes });
    return usedMs;
  }

  return {
    read(places) {
      const asked = new Set(places.map(({ id }) => id));
      for (const id of counted.keys()) if (!asked.has(id)) counted.delete(id);
      const all = listWithZombies();
      const atMs = clock.monotonic();
      const members = byPlace(all, places);
      return places.flatMap((place) => {
        const processes = members.get(place.id);
        // A sandbox's number is given away again once its first process has ended.
        if (processes === undefined || !isHeld(place.holder)) return [];
        const living = processes.filter(({ isZombie }) => !isZombie);
        return {
          id: place.id,
          cpu: { usedMs: timeOf(place, processes), atMs },
          memoryBytes: living.reduce((sum, { pid }) => sum + (ownMemory(pid) ?? 0), 0),
          processes: living.reduce((sum, { threads }) => sum + threads, 0),
        };
      });
    },
  };
}

/** Each process with the place whose sandbox it is in, or whose mark it carries; what has neither, as one in a sandbox of its own, is where its parent is. */
function byPlace<T extends ProcessEntry>(processes: readonly T[], places: readonly HeldPlace[]): Map<WorkspaceId, T[]> {
  const sandboxes = new Map(places.map(({ id, holder }) => [holder.namespace, id]));
  const plain = places.filter(({ holder }) => holder.namespace === undefined);
  const marks = new Map(plain.map(({ id, state }) => [`${PLACE_MARK}=${state}`, id]));
  const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
  const found = new Map<number, WorkspaceId | undefined>();

  function ownPlace(pid: number): WorkspaceId | undefined {
    const namespace = namespaceOf(pid, "pid");
    const inside = namespace === undefined ? undefined : sandboxes.get(namespace);
    if (inside !== undefined || marks.size === 0) return inside;
    return variablesOf(pid).flatMap((variable) => marks.get(variable) ?? [])[0];
  }

  function placeOf(pid: number): WorkspaceId | undefined {
    if (found.has(pid)) return found.get(pid);
    // Numbers are given again while the list is read: no circle of parents is followed for ever.
    found.set(pid, undefined);
    const parent = byPid.get(pid)?.parent ?? 0;
    const place = ownPlace(pid) ?? (byPid.has(parent) ? placeOf(parent) : undefined);
    found.set(pid, place);
    return place;
  }

  const members = new Map<WorkspaceId, T[]>();
  for (const entry of processes) {
    const place = placeOf(entry.pid);
    if (place === undefined) continue;
    const those = members.get(place) ?? [];
    those.push(entry);
    members.set(place, those);
  }
  return members;
}
