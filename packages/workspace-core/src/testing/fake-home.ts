import type { WorkspaceId } from "../workspace.ts";

/** What a fake place keeps beyond its Boxes: its files and its processes. */
export interface FakeHome {
  readonly id: WorkspaceId;
  readonly files: Map<string, { content: Uint8Array; mode: number }>;
  readonly directories: Set<string>;
  /** How to end each process that was run under a group's name. */
  readonly groups: Map<string, Set<() => void>>;
  /** What its place is shown of the worker's. */
  objects?: string;
}

export function createFakeHome(id: WorkspaceId): FakeHome {
  return { id, files: new Map(), directories: new Set(["/", "/home", "/home/workspace"]), groups: new Map() };
}
