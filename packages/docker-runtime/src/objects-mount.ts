import { mkdir } from "node:fs/promises";
import { normalize } from "node:path";

import type { PlaceSpec } from "@ws/workspace-core";

/** Where a container finds the objects of its repository. */
export const OBJECTS_TARGET = "/var/lib/workspace/repository";

/** The one thing of the worker's that a container may be shown. */
export interface ObjectsMount {
  Type: "bind";
  Source: string;
  Target: typeof OBJECTS_TARGET;
  ReadOnly: true;
  BindOptions: { Propagation: "rprivate" };
}

export function objectsMount(source: string): ObjectsMount {
  return {
    Type: "bind",
    Source: source,
    Target: OBJECTS_TARGET,
    ReadOnly: true,
    BindOptions: { Propagation: "rprivate" },
  };
}

/** What a place may be shown of what it is to be shown: nothing outside `root`, and without a root nothing at all. */
export function shownObjects({ objects }: PlaceSpec, root: string | undefined): string | undefined {
  if (objects === undefined || root === undefined || root === "/" || normalize(objects) !== objects) return undefined;
  return objects.startsWith(`${normalize(root).replace(/\/$/, "")}/`) && root.startsWith("/") ? objects : undefined;
}

/** The engine starts no container whose mount is gone; its git then says itself what it misses. */
export async function keepShown(objects: string | undefined): Promise<void> {
  if (objects !== undefined) await mkdir(objects, { recursive: true }).catch(() => undefined);
}
