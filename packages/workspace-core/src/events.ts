import { createCoalescingFeed, type CoalescingFeed } from "./coalescing-feed.ts";
import type { RuntimeName, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

export type WorkspaceEvent =
  | { type: "changed"; record: WorkspaceRecord }
  | { type: "removed"; id: WorkspaceId; name: string }
  | { type: "progress"; id: WorkspaceId; name: string; step: string; message: string; percent?: number }
  /** A terminal was made, got this name or another title, or its program ended while somebody looked at it or closed it. */
  | { type: "terminal"; id: WorkspaceId; name: string; terminal: string; change: TerminalChange }
  /** The worker's variables or files have changed for it: what began before has the old ones. */
  | { type: "credentials"; id: WorkspaceId; name: string }
  /** A program of it asked for a connection that is not allowed; not told each time. */
  | { type: "egress_refused"; id: WorkspaceId; name: string; host: string; port: number }
  | { type: "engine"; runtime: RuntimeName; available: boolean; message?: string };

export type TerminalChange = "opened" | "renamed" | "titled" | "ended";

/** What happens to all workspaces; a slow reader gets the latest state of each, not every one. */
export type Events = CoalescingFeed<WorkspaceEvent>;

export function createEvents(): Events {
  return createCoalescingFeed(coalescingKey);
}

function coalescingKey(event: WorkspaceEvent): string {
  if (event.type === "engine") return `engine ${event.runtime}`;
  if (event.type === "changed") return `workspace ${event.record.id}`;
  if (event.type === "removed") return `workspace ${event.id}`;
  if (event.type === "terminal") return `terminal ${event.id} ${event.terminal}`;
  return `${event.type} ${event.id}`;
}
