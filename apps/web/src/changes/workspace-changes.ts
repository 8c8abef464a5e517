import type { FileChange } from "@ws/rpc-contract";
import type { Connection } from "@ws/rpc-contract/connection";
import { followStream, type Following } from "../follow-stream.ts";

/** What changes in one workspace's files, for all parts of the page that show some of them. */
export interface WorkspaceChanges {
  /** From now on; returns what ends it. The stream is open as long as somebody listens. */
  listen(listener: (change: FileChange) => void): () => void;
  /** A page that nobody looks at gives the stream up; once shown again, anything may have changed. */
  show(shown: boolean): void;
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
  let isShown = true;
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
    show(shown) {
      isShown = shown;
      follow();
    },
    slow: () => slow,
    subscribe(onSlow) {
      subscribers.add(onSlow);
      return () => subscribers.delete(onSlow);
    },
  };

  function follow(): void {
    const isWanted = isShown && listeners.size > 0;
    if (!isWanted) {
      following?.stop();
      following = undefined;
    } else {
      following ??= followStream<FileChange>({ connection, open, onEvent: tell, onLost: () => undefined });
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
