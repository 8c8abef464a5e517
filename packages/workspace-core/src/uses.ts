import type { Clock } from "./ports.ts";
import type { WorkspaceId } from "./workspace.ts";

/** When workspaces were last used, by the monotonic clock: a jump of wall time makes nothing idle. */
export interface Uses {
  /** Now, or at this instant. */
  mark(id: WorkspaceId, at?: number): void;
  /** Used without a break until the work has ended. */
  during(id: WorkspaceId, work: Promise<unknown>): void;
  /** Milliseconds; of one that was not used since this began, since then. */
  idleFor(id: WorkspaceId): number;
}

export function createUses(clock: Pick<Clock, "monotonic">): Uses {
  const began = clock.monotonic();
  const last = new Map<WorkspaceId, number>();
  const going = new Map<WorkspaceId, number>();
  const mark = (id: WorkspaceId, at = clock.monotonic()): void => void last.set(id, at);
  return {
    mark,
    during(id, work) {
      going.set(id, (going.get(id) ?? 0) + 1);
      const over = (): void => {
        const left = (going.get(id) ?? 1) - 1;
        if (left > 0) going.set(id, left);
        else going.delete(id);
        mark(id);
      };
      work.then(over, over);
    },
    idleFor: (id) => (going.has(id) ? 0 : clock.monotonic() - (last.get(id) ?? began)),
  };
}
