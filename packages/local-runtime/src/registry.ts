import { readdir, stat } from "node:fs/promises";
import { isWsError, type Log, type Place, type WorkspaceId } from "@ws/workspace-core";
import { codeOf, fileError } from "./file-errors.ts";
import { isHeld } from "./holder.ts";
import { idOf, pathsOf, readPlace, type PlacePaths, type PlaceRecord } from "./place.ts";

/** What lies in a workspaces' directory, seen by one of the workers that share it. */
export interface Registry {
  /** What is written down about a place, if it is this worker's. Throws `internal` where that cannot be read now. */
  read(paths: PlacePaths): Promise<PlaceRecord | undefined>;
  /** Whether it is another worker's. */
  isForeign(paths: PlacePaths): Promise<boolean>;
  /** Half-made and half-removed ones count as stopped. */
  place(paths: PlacePaths): Promise<Place | undefined>;
  hasHome(paths: PlacePaths): Promise<boolean>;
  /** Whatever has the name of a place, of any worker. */
  all(): Promise<PlacePaths[]>;
}

// Its first process never ends by itself: who killed it, somebody or the kernel, leaves no other trace.
export const ENDED = { code: 137, oom: false } as const;

export function createRegistry({
  directory,
  instance,
  log,
}: {
  directory: string;
  instance: string;
  log: Log;
}): Registry {
  const told = new Set<WorkspaceId>();

  async function readAny(paths: PlacePaths): Promise<PlaceRecord | undefined> {
    try {
      const record = await readPlace(paths);
      told.delete(paths.id);
      return record;
    } catch (error) {
      // Whoever watches asks again and again.
      if (!told.has(paths.id)) log.warn("what is written about a place cannot be read", { workspace: paths.id, error });
      told.add(paths.id);
      // Such as a disk that fails: what cannot be told now is not taken for a place that is half-made.
      if (isWsError(error, "internal")) throw error;
      return undefined;
    }
  }

  const registry: Registry = {
    async read(paths) {
      const record = await readAny(paths);
      return record?.instance === instance ? record : undefined;
    },
    async isForeign(paths) {
      const record = await readAny(paths);
      return record !== undefined && record.instance !== instance;
    },
    async place(paths) {
      const record = await readAny(paths);
      if (record !== undefined) {
        return record.instance === instance && record.power !== "abandoned" ? toPlace(record) : undefined;
      }
      // Its state directory is made first and removed last.
      const created = await createdAt(paths.state);
      const { id } = paths;
      return created === undefined ? undefined : { id, name: id, handle: id, power: "stopped", createdAt: created };
    },
    async hasHome(paths) {
      if (await registry.isForeign(paths)) return false;
      return (await createdAt(paths.home)) !== undefined || (await createdAt(paths.workspace)) !== undefined;
    },
    async all() {
      const names = await readdir(directory).catch((error: unknown) => {
        if (codeOf(error) === "ENOENT") return [];
        throw fileError(error, directory);
      });
      const ids = new Set<WorkspaceId>(names.flatMap((name) => idOf(name) ?? []));
      return [...ids].map((id) => pathsOf(directory, id));
    },
  };
  return registry;
}

/** Nothing where a place cannot be read now, which the registry has told: it holds up no other. */
export async function unlessUnreadable<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch(() => undefined);
}

export function toPlace(record: PlaceRecord): Place {
  const { id, name, createdAt, holder } = record;
  const place = { id, name, handle: id, createdAt };
  if (record.power !== "running") return { ...place, power: "stopped" };
  if (holder !== undefined && isHeld(holder)) return { ...place, power: "running" };
  return { ...place, power: "stopped", exit: { ...ENDED } };
}

async function createdAt(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ birthtimeMs }) => Math.round(birthtimeMs),
    () => undefined,
  );
}
