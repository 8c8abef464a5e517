import type { FileChange } from "@ws/rpc-contract";
import type { Connection } from "@ws/rpc-contract/connection";
import { followStream, type Following } from "../follow-stream.ts";

/** What changes in one workspace's files, for all parts of the page that show some of them. */
export interface WorkspaceChanges {
  /** From now on; returns what ends it. The stream is open as long as somebody listens, between `start` and `stop`. */
  listen(listener: (change: FileChange) => void): () => void;
  start(): void;
  /** Gives the stream up; once started again, anything may have changed. */
  stop(): void;
  /** Why changes come late, where they do. */
  slow(): string | undefined;
  subscribe(onSlow: () => void): () => void;
}

export function createWorkspaceChanges(options: {
  open: (signal: AbortSignal) => Promise<AsyncIterable<FileChange>>;
  connection: Connection;
}): WorkspaceChanges {
  const { open, connection } = options;
  const listeners = new Set<(change: FileChange) => void>();
  const subscribers = new Set<() => void>();
  let following: Following | undefined;
  let isStarted = false;
  let slow: string | undefined;

  return {
    listen(listener) {
      listeners.add(listener);
      follow();
      return () => {
        listeners.delete(listener);
        follow();
      };
    },
    start() {
      isStarted = true;
      follow();
    },
    stop() {
      isStarted = false;
      follow();
    },
    slow: () => slow,
    subscribe(onSlow) {
      subscribers.add(onSlow);
      return () => subscribers.delete(onSlow);
    },
  };

  function follow(): void {
    const isWanted = isStarted && listeners.size > 0;
    if (!isWanted) {
      following?.stop();
      following = undefined;
    } else {
      following ??= followStream<FileChange>({ connection, open, onEvent: tell, onLost: () => {} });
    }
  }

  function tell(change: FileChange): void {
    if ("resync" in change && change.slow !== slow) {
      slow = change.slow;
      for (const each of subscribers) each();
    }
    for (const each of listeners) each(change);
  }
}
