import type { Box, Clock, WorkspaceId } from "@ws/workspace-core";
import { boxUnavailable } from "./box-errors.ts";
import type { User } from "./bubblewrap.ts";
import { isHeld } from "./holder.ts";
import { openBox } from "./open-box.ts";
import type { PlacePaths, PlaceRecord } from "./place.ts";
import type { PromisedIsolation } from "./promised-isolation.ts";

/** The Boxes into places, which end with them. */
export interface OpenBoxes {
  /** Throws `box_unavailable` where the place does not run. */
  open(paths: PlacePaths, record: PlaceRecord): Promise<Box>;
  close(id: WorkspaceId): Promise<void>;
}

export function createOpenBoxes(options: {
  isolation: PromisedIsolation;
  user: User;
  path: string | undefined;
  clock: Clock;
}): OpenBoxes {
  const { isolation, user, path, clock } = options;
  const boxes = new Map<WorkspaceId, Set<Box>>();
  return {
    async open(paths, record) {
      const { id } = paths;
      const { holder } = record;
      if (record.power !== "running" || holder === undefined || !isHeld(holder)) {
        throw boxUnavailable(id, "it does not run", `Start it: ws start ${record.name}.`);
      }
      const found = await isolation.of(record);
      const sandbox = found.kind === "sandbox" ? found.sandbox : undefined;
      const box = await openBox({ paths, holder, sandbox, user, path, clock, objects: record.objects });
      const all = boxes.get(id) ?? new Set();
      boxes.set(id, all.add(box));
      void box.closed.then(() => all.delete(box));
      return box;
    },
    async close(id) {
      const open = boxes.get(id) ?? [];
      boxes.delete(id);
      await Promise.all([...open].map((box) => box[Symbol.asyncDispose]()));
    },
  };
}
