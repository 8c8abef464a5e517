import { isWsError } from "../errors.ts";
import type { Policy } from "../policy/policy.ts";
import type { Box, Clock, Log, WatchBatch } from "../ports.ts";
import type { WorkspaceId } from "../workspace.ts";
import { createChangeFeed, type ChangeFeed } from "./change-feed.ts";
import { WATCHED } from "./changed-part.ts";
import type { FileChange } from "./file-change.ts";

/** One watching of each workspace that somebody looks at, shared by all who do. */
export interface SharedWatches {
  /**
   * Begins with a `resync`, and goes on until the signal aborts. Throws `box_closed`; what else ends the watching only interrupts it, and
   * then anything may have changed.
   */
  changes(
    place: { id: WorkspaceId; box: Box; root: string; policy: () => Policy },
    /** What a viewer is told of a channel that broke. */
    reasonOf: (error: unknown) => Promise<unknown>,
    signal: AbortSignal,
  ): AsyncGenerator<FileChange, void>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface Shared {
  box: Box;
  feeds: Set<ChangeFeed>;
  ending: AbortController;
  /** What a viewer who comes later is told first. */
  latest?: Extract<WatchBatch, { resync: true }>;
}

const NOT_WATCHED: WatchBatch = {
  resync: true,
  slow: "Its files cannot be watched just now, so changes show after half a minute.",
};

export function createSharedWatches({ clock, log }: { clock: Clock; log: Log }): SharedWatches {
  const open = new Map<WorkspaceId, Shared>();

  async function follow(id: WorkspaceId, root: string, shared: Shared): Promise<void> {
    const { box, feeds, ending } = shared;
    const { signal } = ending;
    let pause = FIRST_PAUSE_MS;
    let told = "";
    try {
      while (!signal.aborted) {
        try {
          for await (const batch of box.watch(root, { ...WATCHED, signal })) {
            if (!("resync" in batch)) pause = FIRST_PAUSE_MS;
            tell(shared, batch);
          }
        } catch (error) {
          if (isWsError(error, "box_closed") || signal.aborted) throw error;
          if (told !== String(error))
            log.debug("a workspace's files are not watched just now", { workspace: id, error });
          told = String(error);
        }
        delete shared.latest;
        // What does not come back at once is no moment's interruption: without a word the screen would stand still.
        if (pause > FIRST_PAUSE_MS) tell(shared, NOT_WATCHED);
        await clock.sleep(pause, signal);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
      }
    } catch (error) {
      for (const feed of feeds) feed.fail(error);
    } finally {
      if (open.get(id) === shared) open.delete(id);
    }
  }

  function tell(shared: Shared, batch: WatchBatch): void {
    if ("resync" in batch) shared.latest = batch;
    for (const feed of shared.feeds) feed.push(batch);
  }

  function join(id: WorkspaceId, box: Box, root: string, feed: ChangeFeed): Shared {
    const existing = open.get(id);
    // Of a Box that has closed the end is on its way to its viewers.
    if (existing?.box === box) {
      existing.feeds.add(feed);
      if (existing.latest !== undefined) feed.push(existing.latest);
      return existing;
    }
    const shared: Shared = { box, feeds: new Set([feed]), ending: new AbortController() };
    open.set(id, shared);
    void follow(id, root, shared);
    return shared;
  }

  return {
    async *changes({ id, box, root, policy }, reasonOf, signal) {
      const feed = createChangeFeed({ clock, policy });
      const shared = join(id, box, root, feed);
      try {
        yield* feed.read(signal);
      } catch (error) {
        throw await reasonOf(error);
      } finally {
        shared.feeds.delete(feed);
        if (shared.feeds.size === 0) {
          if (open.get(id) === shared) open.delete(id);
          shared.ending.abort();
        }
      }
    },
  };
}
