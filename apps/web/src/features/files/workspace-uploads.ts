import { createUploads, type Uploads, type UploadFile, type UploadsOptions } from "./uploads.ts";

/** The uploads of every workspace. They outlive the pages: going elsewhere in the dashboard ends none. */
export interface WorkspaceUploads {
  /** Those of one workspace, which is called so by now. */
  of(id: string, name: string): Uploads;
  /** Calls back when some were written. */
  listen(id: string, onWritten: () => void): () => void;
  /** Whether closing the page would end some. */
  running(): boolean;
  subscribe(listener: () => void): () => void;
  cancel(): void;
}

export function createWorkspaceUploads(
  put: (workspace: string, file: UploadFile, how: Parameters<UploadsOptions["put"]>[1]) => Promise<void>,
): WorkspaceUploads {
  const all = new Map<string, { name: string; uploads: Uploads; listeners: Set<() => void> }>();
  const subscribers = new Set<() => void>();

  return {
    of(id, name) {
      const known = all.get(id);
      if (known !== undefined) {
        known.name = name;
        return known.uploads;
      }
      const listeners = new Set<() => void>();
      const uploads = createUploads({
        put: (file, how) => put(all.get(id)?.name ?? name, file, how),
        onWritten() {
          for (const listener of listeners) listener();
        },
      });
      uploads.subscribe(() => {
        for (const subscriber of subscribers) subscriber();
      });
      all.set(id, { name, uploads, listeners });
      return uploads;
    },
    listen(id, onWritten) {
      const listeners = all.get(id)?.listeners;
      listeners?.add(onWritten);
      return () => listeners?.delete(onWritten);
    },
    running: () => [...all.values()].some(({ uploads }) => uploads.state().running),
    subscribe(listener) {
      subscribers.add(listener);
      return () => subscribers.delete(listener);
    },
    cancel() {
      for (const { uploads } of all.values()) uploads.cancel();
    },
  };
}
