import type { Clock, Log } from "@ws/workspace-core";

export type WorkspaceEventType =
  | "workspace:provisioning"
  | "workspace:ready"
  | "workspace:error"
  | "workspace:finalizing"
  | "workspace:cleaned_up"
  | "worktree:added"
  | "worktree:removed"
  | "credential:granted"
  | "credential:revoked"
  | "pr:created"
  | "pr:merged";

export interface WorkspaceEvent {
  type: WorkspaceEventType;
  /** A worktree's own, for what is done to one. */
  workspaceId: string;
  executionId?: string;
  credentialId?: string;
  timestamp: Date;
  data?: Readonly<Record<string, unknown>>;
  /** Why, with `workspace:error`. */
  error?: string;
}

export type EventHandler = (event: WorkspaceEvent) => void;

export interface Emitter {
  /** Returns how to end it. */
  on(handler: EventHandler): () => void;
  emit(event: Omit<WorkspaceEvent, "timestamp">): void;
}

/** Tells handlers in the order in which things happened, after what has just been written; one that fails hurts nobody. */
export function createEmitter({ clock, log }: { clock: Pick<Clock, "now">; log: Log }): Emitter {
  const handlers = new Set<{ handler: EventHandler }>();
  return {
    on(handler) {
      const mine = { handler };
      handlers.add(mine);
      return () => void handlers.delete(mine);
    },
    emit(event) {
      const told = { ...event, timestamp: new Date(clock.now()) };
      queueMicrotask(() => {
        for (const { handler } of handlers) {
          try {
            handler(told);
          } catch (error) {
            log.warn("a handler of events failed", { event: event.type, error });
          }
        }
      });
    },
  };
}
