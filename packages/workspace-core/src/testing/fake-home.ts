import type { WorkspaceId } from "../workspace.ts";

/** What a fake place keeps beyond its Boxes: its files and its processes. */
export interface FakeHome {
  readonly id: WorkspaceId;
  readonly files: Map<string, { content: Uint8Array; mode: number }>;
  readonly directories: Set<string>;
  /** What each link says, by where it lies. Only confined files know of links. */
  readonly links: Map<string, string>;
  /** How to end each process that was run under a group's name. */
  readonly groups: Map<string, Set<() => void>>;
  /** What its place is shown of the worker's. */
  objects?: string;
}

export function createFakeHome(id: WorkspaceId): FakeHome {
  const directories = new Set(["/", "/home", "/home/workspace"]);
  return { id, files: new Map(), directories, links: new Map(), groups: new Map() };
}
