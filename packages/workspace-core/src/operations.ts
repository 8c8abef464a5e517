import type { OperationKind, WorkspaceId } from "./workspace.ts";

export interface Operations extends AsyncDisposable {
  /** Runs the work once everything queued for this workspace before it has ended. */
  run<T>(id: WorkspaceId, kind: OperationKind | "reconcile", work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Aborts what runs for this workspace, unless it is of this kind. */
  cancelOthers(id: WorkspaceId, kind: OperationKind): void;
  /** Whether this object is being disposed of, which aborts what runs. */
  readonly closing: boolean;
  /** Resolves once what is queued for this workspace now has ended, however it ended. */
  idle(id: WorkspaceId): Promise<void>;
  /** Whether something runs or waits for this workspace. */
  busy(id: WorkspaceId): boolean;
}

interface Lane {
  tail: Promise<unknown>;
  waiting: number;
  current?: { kind: string; controller: AbortController };
}

/** One operation per workspace at a time, in the order asked for; workspaces do not wait for one another. */
export function createOperations(): Operations {
  const lanes = new Map<WorkspaceId, Lane>();
  let closed = false;

  function lane(id: WorkspaceId): Lane {
    let found = lanes.get(id);
    if (found === undefined) {
      found = { tail: Promise.resolve(), waiting: 0 };
      lanes.set(id, found);
    }
    return found;
  }

  return {
    run(id, kind, work) {
      const mine = lane(id);
      mine.waiting += 1;
      const result = mine.tail.then(async () => {
        const controller = new AbortController();
        if (closed) controller.abort();
        mine.current = { kind, controller };
        try {
          return await work(controller.signal);
        } finally {
          delete mine.current;
          mine.waiting -= 1;
          if (mine.waiting === 0) lanes.delete(id);
        }
      });
      // The next one waits for our end, whatever it was; the caller gets our failure.
      mine.tail = result.catch(() => undefined);
      return result;
    },
    cancelOthers(id, kind) {
      const current = lanes.get(id)?.current;
      if (current !== undefined && current.kind !== kind) current.controller.abort();
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
      for (const { current } of running) current?.controller.abort();
      await Promise.all(running.map(({ tail }) => tail));
    },
  };
}
