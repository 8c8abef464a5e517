import type { Place } from "@ws/workspace-core";
import type Docker from "dockerode";

import { nameOfContainer, workspaceOf } from "./labels.ts";

/** What the agent remembers of how places ended, which the engine does not say or says unreliably. */
export interface Endings {
  /** We asked this container to stop: its end is no news. */
  expected(container: string): boolean;
  /** The engine reported that memory ran out in it shortly before it ended. */
  ranOutOfMemory(container: string): boolean;
}

/** A place from one entry of the engine's list, or undefined where it is not one of this instance. */
export function placeOf(info: Docker.ContainerInfo, instance: string, endings: Endings): Place | undefined {
  const id = workspaceOf(info.Labels, instance);
  if (id === undefined) return undefined;
  const running = RUNNING.has(info.State);
  const code = running || endings.expected(info.Id) ? undefined : exitCode(info.Status);
  return {
    id,
    name: nameOfContainer(ownName(info.Names)),
    handle: info.Id,
    power: running ? "running" : "stopped",
    createdAt: info.Created * 1_000,
    ...(code !== undefined && { exit: { code, oom: endings.ranOutOfMemory(info.Id) } }),
  };
}

/** A paused container still holds its processes; it is running as far as its user is concerned. */
const RUNNING = new Set(["running", "paused", "restarting"]);

/** The list has the exit code only in its text for people: `Exited (137) 2 seconds ago`. */
function exitCode(status: string): number | undefined {
  const match = /^Exited \((\d+)\)/.exec(status);
  return match === null ? undefined : Number(match[1]);
}

/** Links give a container further names, with a slash in them. */
function ownName(names: readonly string[]): string {
  return names.find((name) => !name.slice(1).includes("/")) ?? names[0] ?? "";
}
