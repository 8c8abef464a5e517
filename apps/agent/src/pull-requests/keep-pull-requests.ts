import {
  isWsError,
  timeLimit,
  type Clock,
  type Log,
  type WorkspaceEvent,
  type WorkspaceId,
  type WorkspaceRecord,
  type Workspaces,
} from "@ws/workspace-core";
import { createTurns } from "./turns.ts";

/** Keeps the open pull requests of workspaces, and their checks, as their forges have them, while somebody watches. */
export interface KeptPullRequests {
  /** Somebody watches all workspaces, or this one, until the signal aborts. */
  attend(signal: AbortSignal, only?: WorkspaceId): void;
  /** Something was pushed: its checks begin anew within seconds. */
  pushed(id: WorkspaceId): void;
}

/** Between two looks, whatever they are at: hundreds of pull requests are no burst. */
const SPACING_MS = 1_000;
/** A forge that says nothing holds up the next look only so long. */
const PATIENCE_MS = 20_000;
/** When nothing is to be looked at, for whoever opens one without an event of ours. */
const NOTHING_DUE_MS = 60_000;

/**
 * One look at a time, at a pull request that is open; the forge is asked with the workspace's own grant, and the workspace itself is neither
 * started nor reached. A forge that limits us is left alone until it says, and what fails is looked at less and less often.
 */
export function keepPullRequests(options: {
  workspaces: () => Promise<Pick<Workspaces, "list" | "pullRequest" | "events">>;
  clock: Clock;
  /** Between 0 and 1, so that what was opened together is not looked at together for ever. */
  random: () => number;
  log: Log;
  /** The agent's own end. */
  closing: AbortSignal;
}): KeptPullRequests {
  const { clock, random, log, closing } = options;
  const watchers = new Set<{ only: WorkspaceId | undefined }>();
  const turns = createTurns({ clock, random });
  let going = false;
  let resting = new AbortController();

  async function goOn(): Promise<void> {
    const ending = new AbortController();
    try {
      const workspaces = await options.workspaces();
      void follow(workspaces.events(AbortSignal.any([closing, ending.signal])));
      while (watchers.size > 0 && !closing.aborted) {
        // Made before the look, so that what comes meanwhile is not slept through.
        resting = new AbortController();
        const open = workspaces.list().filter((record) => record.pullRequest?.state === "open");
        const next = turns.next(open, isWatched);
        if (next?.inMs === 0) await look(workspaces, next.record);
        const pause = next === undefined ? NOTHING_DUE_MS : Math.max(SPACING_MS, next.inMs);
        await clock.sleep(pause, AbortSignal.any([resting.signal, closing])).catch(() => undefined);
      }
    } finally {
      going = false;
      ending.abort();
    }
  }

  async function look(workspaces: Pick<Workspaces, "pullRequest">, record: WorkspaceRecord): Promise<void> {
    const { name } = record;
    using limit = timeLimit(clock, PATIENCE_MS);
    try {
      await workspaces.pullRequest(name, AbortSignal.any([closing, limit.signal]));
      turns.looked(record);
    } catch (error) {
      if (closing.aborted) return;
      log.debug("a pull request could not be looked at", { workspace: name, error });
      turns.failed(record, isWsError(error, "forge_rate_limited") ? error.data.retryAt - clock.now() : undefined);
    }
  }

  /** What finalizes has pushed, or opened the pull request, by its end. */
  async function follow(events: AsyncIterable<WorkspaceEvent>): Promise<void> {
    const finalizing = new Set<WorkspaceId>();
    for await (const event of events) {
      if (event.type !== "changed") continue;
      const { id, operation, pullRequest } = event.record;
      if (operation?.kind === "finalize") finalizing.add(id);
      else if (finalizing.delete(id) && pullRequest?.state === "open") pushed(id);
    }
  }

  function pushed(id: WorkspaceId): void {
    turns.soon(id);
    resting.abort();
  }

  function isWatched({ id }: WorkspaceRecord): boolean {
    return [...watchers].some(({ only }) => only === undefined || only === id);
  }

  return {
    attend(signal, only) {
      if (signal.aborted || closing.aborted) return;
      const watcher = { only };
      watchers.add(watcher);
      signal.addEventListener("abort", () => watchers.delete(watcher), { once: true });
      resting.abort();
      if (going) return;
      going = true;
      goOn().catch((error: unknown) => {
        if (!closing.aborted) log.warn("pull requests are not looked at", { error });
      });
    },
    pushed,
  };
}
