import type { OperationKind, WorkspaceId } from "./workspace.ts";

export interface Operations extends AsyncDisposable {
  /** Runs the work once everything queued for this workspace before it has ended. */
  run<T>(
    id: WorkspaceId,
    kind: OperationKind | "reconcile" | "scripts",
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Aborts what runs or waits for this workspace and is of such a kind. */
  cancel(id: WorkspaceId, which: (kind: string) => boolean): void;
  /** Whether this object is being disposed of, which aborts what runs. */
  readonly closing: boolean;
  /** Resolves once what is queued for this workspace now has ended, however it ended. */
  idle(id: WorkspaceId): Promise<void>;
  /** Whether something runs or waits for this workspace. */
  busy(id: WorkspaceId): boolean;
}

/** Whether nothing is lost with one that is ended: it only brings up what was there, or can be run again. */
export function canBeRepeated(kind: string): boolean {
  return REPEATABLE.has(kind);
}

const REPEATABLE: ReadonlySet<string> = new Set(["create", "start", "restart", "scripts"]);

interface Lane {
  tail: Promise<unknown>;
  /** What runs, and what waits behind it. */
  turns: Set<{ kind: string; controller: AbortController }>;
}

/** One operation per workspace at a time, in the order asked for; workspaces do not wait for one another. */
export function createOperations(): Operations {
  const lanes = new Map<WorkspaceId, Lane>();
  let closed = false;

  function lane(id: WorkspaceId): Lane {
    let found = lanes.get(id);
    if (found === undefined) {
      found = { tail: Promise.resolve(), turns: new Set() };
      lanes.set(id, found);
    }
    return found;
  }

  return {
    run(id, kind, work) {
      const mine = lane(id);
      const turn = { kind, controller: new AbortController() };
      mine.turns.add(turn);
      const result = mine.tail.then(async () => {
        if (closed) turn.controller.abort();
        try {
          return await work(turn.controller.signal);
        } finally {
          mine.turns.delete(turn);
          if (mine.turns.size === 0) lanes.delete(id);
        }
      });
      // The next one waits for our end, whatever it was; the caller gets our failure.
      mine.tail = result.catch(() => undefined);
      return result;
    },
    cancel(id, which) {
      for (const turn of lanes.get(id)?.turns ?? []) if (which(turn.kind)) turn.controller.abort();
    },
    async idle(id) {
      await lanes.get(id)?.tail;
    },
    get closing() {
      return closed;
    },
    busy: (id) => lanes.has(id),
    async [Symbol.asyncDispose]() {
      closed = true;
      const running = [...lanes.values()];
      for (const { turns } of running) for (const { controller } of turns) controller.abort();
      await Promise.all(running.map(({ tail }) => tail));
    },
  };
}
