import type { UsageEvent, WorkspaceUsage } from "@ws/rpc-contract";
import type { Connection } from "@ws/rpc-contract/connection";
import { followStream, type Following } from "../follow-stream.ts";

/** What running workspaces use, as a worker reads it about every two seconds. Each listener is told of one workspace only. */
export interface LiveUsage {
  /** The last reading of a workspace, by its id; undefined where it does not run or was not read yet. After a loss the last one stays. */
  of(id: string): WorkspaceUsage | undefined;
  /** Told of every reading of this workspace, and of its end. */
  watch(id: string, listener: () => void): () => void;
  /** Told once of every event, after all of its readings are in. */
  subscribe(listener: () => void): () => void;
  /** Every reading of the last event. It is another object once another event came. */
  all(): readonly WorkspaceUsage[];
  /** Opens the stream, and opens it again after every loss, until `stop`. */
  start(): void;
  stop(): void;
}

export interface LiveUsageOptions {
  open: (signal: AbortSignal) => Promise<AsyncIterable<UsageEvent>>;
  /** What it shares with the page's other streams. */
  connection: Connection;
}

export function createLiveUsage({ open, connection }: LiveUsageOptions): LiveUsage {
  const watchers = new Map<string, Set<() => void>>();
  const listeners = new Set<() => void>();
  let readings: readonly WorkspaceUsage[] = [];
  let byId: ReadonlyMap<string, WorkspaceUsage> = new Map();
  let following: Following | undefined;
  return {
    of: (id) => byId.get(id),
    watch(id, listener) {
      const told = watchers.get(id) ?? new Set();
      watchers.set(id, told.add(listener));
      return () => {
        told.delete(listener);
        if (told.size === 0 && watchers.get(id) === told) watchers.delete(id);
      };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    all: () => readings,
    start() {
      following ??= followStream({ connection, open, onEvent: take, onLost: () => undefined });
    },
    stop() {
      following?.stop();
      following = undefined;
    },
  };

  function take({ usages }: UsageEvent): void {
    const before = byId;
    readings = usages;
    byId = new Map(usages.map((usage) => [usage.id, usage]));
    for (const [id, told] of watchers) {
      if (byId.has(id) || before.has(id)) for (const listener of told) listener();
    }
    for (const listener of listeners) listener();
  }
}
