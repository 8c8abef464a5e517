import { lets } from "../policy/lets.ts";
import type { Policy } from "../policy/policy.ts";
import type { Clock, WatchBatch } from "../ports.ts";
import { changedPart } from "./changed-part.ts";
import type { FileChange } from "./file-change.ts";

/** Changes on their way to one viewer, who may be slow. Holds no more than one event is allowed to say. */
export interface ChangeFeed {
  push(batch: WatchBatch): void;
  /** Nothing more comes: reading throws this. */
  fail(error: unknown): void;
  /** Until the signal aborts, without an error. */
  read(signal: AbortSignal): AsyncGenerator<FileChange, void>;
}

const MOST_PATHS = 500;
/** Of all paths together: one may have thousands of characters. */
const MOST_CHARACTERS = 32_768;
/** What one save does comes together. */
const SHORT_MS = 50;
/** As long as changes go on, a viewer looks twice a second and no more. */
const LONG_MS = 500;

/** The policy is asked for anew each time: it may have become another. */
export function createChangeFeed({
  clock,
  policy,
}: {
  clock: Pick<Clock, "monotonic" | "sleep">;
  policy: () => Policy;
}): ChangeFeed {
  const paths = new Set<string>();
  let characters = 0;
  let git = false;
  let all: Extract<FileChange, { resync: true }> | undefined;
  let failure: { error: unknown } | undefined;
  let wake = (): void => undefined;

  function clear(): void {
    paths.clear();
    characters = 0;
    git = false;
  }

  function add(path: string): void {
    if (all !== undefined) return;
    const part = changedPart(path);
    if (part === "git") git = true;
    if (part !== "path" || paths.has(path)) return;
    paths.add(path);
    characters += path.length;
    if (paths.size <= MOST_PATHS && characters <= MOST_CHARACTERS) return;
    all = { resync: true };
    clear();
  }

  function take(): FileChange[] {
    if (all !== undefined) {
      const told = all;
      all = undefined;
      return [told];
    }
    const current = policy();
    const seen = [...paths].filter((path) => lets(current, { act: "see", path }));
    const gitToo = git && lets(current, { act: "see", path: ".git" });
    clear();
    return [...(seen.length > 0 ? [{ paths: seen }] : []), ...(gitToo ? [{ git: true } as const] : [])];
  }

  const hasSome = (): boolean => paths.size > 0 || git || all !== undefined;

  return {
    push(batch) {
      if ("resync" in batch) {
        all = batch;
        clear();
      } else for (const path of batch.paths) add(path);
      if (hasSome()) wake();
    },
    fail(error) {
      failure ??= { error };
      wake();
    },
    async *read(signal) {
      const onAbort = (): void => wake();
      signal.addEventListener("abort", onAbort, { once: true });
      let pause = SHORT_MS;
      let toldAt = -Infinity;
      try {
        while (!signal.aborted) {
          if (failure !== undefined) throw failure.error;
          if (!hasSome()) {
            await new Promise<void>((resolve) => (wake = resolve));
            continue;
          }
          pause = clock.monotonic() - toldAt < 2 * pause ? Math.min(2 * pause, LONG_MS) : SHORT_MS;
          await clock.sleep(pause, signal);
          toldAt = clock.monotonic();
          yield* take();
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
  };
}
