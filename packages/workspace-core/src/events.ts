import type { RuntimeName, WorkspaceId, WorkspaceRecord } from "./workspace.ts";

export type WorkspaceEvent =
  | { type: "changed"; record: WorkspaceRecord }
  | { type: "removed"; id: WorkspaceId; name: string }
  | { type: "progress"; id: WorkspaceId; name: string; step: string; message: string; percent?: number }
  /** A terminal was made, or its program ended while somebody looked at it or closed it. */
  | { type: "terminal"; id: WorkspaceId; name: string; terminal: string; change: "opened" | "ended" }
  | { type: "engine"; runtime: RuntimeName; available: boolean; message?: string };

export interface Events {
  emit(event: WorkspaceEvent): void;
  /** From now on, until the signal aborts. A slow reader gets the latest state of each workspace, not every one. */
  subscribe(signal: AbortSignal): AsyncIterable<WorkspaceEvent>;
}

export function createEvents(): Events {
  const subscribers = new Set<Subscriber>();
  return {
    emit(event) {
      for (const subscriber of subscribers) subscriber.push(event);
    },
    subscribe(signal) {
      // Subscribed at the call and not at the first read, so that a snapshot taken in between misses nothing.
      const subscriber = new Subscriber();
      subscribers.add(subscriber);
      const end = (): void => {
        subscribers.delete(subscriber);
        subscriber.end();
      };
      if (signal.aborted) end();
      signal.addEventListener("abort", end, { once: true });
      return subscriber.read(end);
    },
  };
}

class Subscriber {
  #pending = new Map<string, WorkspaceEvent>();
  #wake: (() => void) | undefined;
  #ended = false;

  push(event: WorkspaceEvent): void {
    const key = coalescingKey(event);
    // Deleted first, so that the newer event also takes the later place.
    this.#pending.delete(key);
    this.#pending.set(key, event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *read(onReturn: () => void): AsyncGenerator<WorkspaceEvent> {
    try {
      while (!this.#ended) {
        const [next] = this.#pending;
        if (next !== undefined) {
          this.#pending.delete(next[0]);
          yield next[1];
          continue;
        }
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      onReturn();
    }
  }
}

function coalescingKey(event: WorkspaceEvent): string {
  if (event.type === "engine") return `engine ${event.runtime}`;
  if (event.type === "changed") return `workspace ${event.record.id}`;
  if (event.type === "removed") return `workspace ${event.id}`;
  if (event.type === "terminal") return `terminal ${event.id} ${event.terminal}`;
  return `progress ${event.id}`;
}
