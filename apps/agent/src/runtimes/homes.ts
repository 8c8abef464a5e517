import { existsSync } from "node:fs";
import type { WorkspaceRecord } from "@ws/workspace-core";

/** Where the homes of workspaces lie that no state knows any more. */
export interface Home {
  kind: "volumes" | "directories";
  /** Names of the engine's volumes, or paths. */
  places: string[];
}

/** Undefined where nobody was ever in it, so that there is nothing of anybody's, or where nothing is there any more. */
export async function homeOf({ id, runtime, directory, docker }: WorkspaceRecord): Promise<Home | undefined> {
  if (directory === undefined) return undefined;
  if (runtime === "docker") {
    const { dockerVolume, homeVolume } = await import("@ws/docker-runtime");
    return { kind: "volumes", places: [homeVolume(id), ...(docker === true ? [dockerVolume(id)] : [])] };
  }
  const { placeAround } = await import("@ws/local-runtime");
  const place = placeAround(directory, id);
  const places = place === undefined ? [] : [place.workspace, place.home].filter((path) => existsSync(path));
  return places.length === 0 ? undefined : { kind: "directories", places };
}
