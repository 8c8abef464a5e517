import { type Clock, type PlaceSpec, WsError } from "@ws/workspace-core";
import { boxUnavailable } from "./box-errors.ts";
import { endPlace } from "./end-place.ts";
import { fileError } from "./file-errors.ts";
import { belongsTo, createGroups } from "./groups.ts";
import { holdPlainly, isHeld } from "./holder.ts";
import type { OpenBoxes } from "./open-boxes.ts";
import { makeDirectories, writePlace, writeWish, type Holder, type PlacePaths, type PlaceRecord } from "./place.ts";
import type { PromisedIsolation } from "./promised-isolation.ts";
import type { Registry } from "./registry.ts";
import { removeTree } from "./remove-tree.ts";

/** What becomes of a place, one change at a time: whoever calls sees to that. Every one may be repeated. */
export interface Power {
  create(spec: PlaceSpec, paths: PlacePaths): Promise<PlaceRecord>;
  start(paths: PlacePaths, record: PlaceRecord, signal?: AbortSignal): Promise<PlaceRecord>;
  stop(paths: PlacePaths, record: PlaceRecord, graceMs: number, signal?: AbortSignal): Promise<void>;
  remove(paths: PlacePaths, signal?: AbortSignal): Promise<void>;
  abandon(paths: PlacePaths, record: PlaceRecord, graceMs: number, signal?: AbortSignal): Promise<void>;
}

export function createPower(options: {
  instance: string;
  clock: Clock;
  registry: Registry;
  isolation: PromisedIsolation;
  boxes: OpenBoxes;
}): Power {
  const { instance, clock, registry, isolation, boxes } = options;

  async function halt(
    paths: PlacePaths,
    holder: Holder | undefined,
    graceMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    await boxes.close(paths.id);
    const groups = createGroups(paths.groups, belongsTo(paths.state, holder));
    if (await endPlace({ paths, holder, groups, graceMs, clock, ...(signal === undefined ? {} : { signal }) })) return;
    throw new WsError("internal", {
      message: `Processes of ${paths.id} are still there after SIGKILL.`,
      next: "They wait for a device or belong to another user; end them and try again.",
      data: {},
    });
  }

  return {
    async create(spec, paths) {
      if (await registry.isForeign(paths)) throw boxUnavailable(spec.id, "another worker's workspace has this id");
      const known = await registry.read(paths);
      const { kind } = await isolation.found();
      const fresh: PlaceRecord = {
        version: 1,
        id: spec.id,
        instance,
        name: spec.name,
        createdAt: clock.now(),
        power: "stopped",
        isolation: kind,
      };
      const kept = known === undefined || known.power === "abandoned" ? fresh : known;
      const { objects = kept.objects } = spec;
      const record = objects === kept.objects || objects === undefined ? kept : { ...kept, objects };
      // First what names the owner: a directory without it is one that was cut off in between.
      if (record !== known) await writePlace(paths, record);
      await makeDirectories(paths);
      return record;
    },
    async start(paths, record, signal) {
      if (record.power === "running" && record.holder !== undefined && isHeld(record.holder)) return record;
      const found = await isolation.of(record);
      // What a crash in the middle of a stop left, or what outlived its first process.
      await halt(paths, record.holder, 0, signal);
      await makeDirectories(paths);
      const { holder: _old, ...rest } = record;
      let started = record;
      const write = async (holder: Holder): Promise<void> => {
        started = { ...rest, power: "running", holder };
        await writePlace(paths, started);
      };
      try {
        if (found.kind === "sandbox") await found.sandbox.hold(paths, write);
        else await holdPlainly(paths, write);
      } catch (error) {
        await writePlace(paths, { ...rest, power: "stopped" });
        throw error;
      }
      return started;
    },
    async stop(paths, record, graceMs, signal) {
      // First what is wanted: after a crash in the middle the next stop or start ends what is left.
      if (record.power !== "stopped") await writeWish(paths, { ...record, power: "stopped" });
      await halt(paths, record.holder, graceMs, signal);
    },
    async remove(paths, signal) {
      if (await registry.isForeign(paths)) return;
      const record = await registry.read(paths);
      if (record?.power === "running") await writeWish(paths, { ...record, power: "stopped" });
      await halt(paths, record?.holder, 0, signal);
      try {
        // Last what names the owner, so that a removal that was cut off is found and finished.
        const { workspace, home, tmp, run, groups, log: printed, file, state } = paths;
        for (const path of [workspace, home, tmp, run, groups, printed, file, state]) await removeTree(path, signal);
      } catch (error) {
        throw fileError(error, paths.state);
      }
    },
    async abandon(paths, record, graceMs, signal) {
      await halt(paths, record.holder, graceMs, signal);
      const { holder: _ended, ...rest } = record;
      await writePlace(paths, { ...rest, power: "abandoned" });
    },
  };
}
