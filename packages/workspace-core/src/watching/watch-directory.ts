import { abortedError, throwIfAborted } from "../aborted.ts";
import type { Box } from "../box.ts";
import type { Bytes } from "../bytes.ts";
import type { WatchBatch, WatchOptions } from "../box-watch.ts";
import { createByteQueue } from "../byte-queue.ts";
import { confinedFault, isConfinedFault } from "../confined-faults.ts";
import { isWsError, WsError } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { runPerl } from "../run-perl.ts";
import { WATCH_SCRIPT } from "./watch-script.ts";

export interface WatchMeans {
  run: Box["run"];
  clock: Pick<Clock, "sleep">;
  /** How many directories may be watched at most; 20,000 where absent. */
  most?: number;
  /** How often anything may have changed where not everything can be seen; 5,000 where absent. */
  slowMs?: number;
}

/** What happens below a directory of a place, seen by a helper in it; see `Box.watch`. */
export async function* watchDirectory(
  means: WatchMeans,
  directory: string,
  options: WatchOptions = {},
): AsyncGenerator<WatchBatch, void> {
  const { signal } = options;
  if (!directory.startsWith("/") || directory.includes("\0"))
    throw confinedFault("invalid_input", directory, "it is no absolute path");
  try {
    throwIfAborted(signal);
    yield* watchByHelper(means, directory, options);
  } catch (error) {
    if (signal?.aborted === true) return;
    if (!isWsError(error, "command_not_found")) throw error;
    yield* nowAndThen(means, signal);
  }
}

async function* watchByHelper(
  { run, most = 20_000, slowMs = SLOW_MS }: WatchMeans,
  directory: string,
  { signal, ignore = [], include = [] }: WatchOptions,
): AsyncGenerator<WatchBatch, void> {
  const leaving = new AbortController();
  const input = createByteQueue();
  const root = directory.replace(/(?<=.)\/+$/, "");
  const lists = [ignore.join("\n"), include.join("\n")] as const;
  const process = await runPerl(run, [WATCH_SCRIPT, root, ...lists, String(most), String(slowMs / 1000)], {
    stdin: input.source,
    signal: signal === undefined ? leaving.signal : AbortSignal.any([signal, leaving.signal]),
    graceMs: 100,
    traffic: "interactive",
  });
  process.exit.catch(() => undefined);
  try {
    const reader = createBatchReader(directory);
    for await (const chunk of process.stdout) {
      const batch = reader.push(chunk);
      if (batch !== undefined) yield batch;
    }
    throw ended();
  } finally {
    input.end();
    leaving.abort(abortedError(undefined));
  }
}

const SLOW_MS = 5_000;

const WHY_SLOW: Readonly<Record<string, string>> = {
  watches: "It has more directories than this machine lets one watch, so changes show after some seconds.",
  instances:
    "This machine lets no more be watched, so changes show after some seconds: 'ws doctor' says what to raise.",
  inotify: "This system cannot tell of changes in directories, so they show after some seconds.",
  perl: "It has no Perl to watch its files with, so changes show after some seconds.",
};

/** For a place without the means: anything may have changed, now and then. */
async function* nowAndThen(
  { clock, slowMs = SLOW_MS }: WatchMeans,
  signal: AbortSignal | undefined,
): AsyncGenerator<WatchBatch, void> {
  while (signal?.aborted !== true) {
    yield { resync: true, slow: WHY_SLOW["perl"] as string };
    await clock.sleep(slowMs, signal).catch(() => undefined);
  }
}

/** Of one batch, whose paths are some hundred. What says more is no helper of ours: what it means is that anything may have changed. */
const LONGEST = 1024 * 1024;
/** What a path takes besides its characters. */
const PATH = 64;

/** Puts together what the helper says; see `watch-script.ts`. All of a chunk at once: one that says a lot must not keep the worker busy. */
function createBatchReader(directory: string): { push(chunk: Bytes): WatchBatch | undefined } {
  const decoder = new TextDecoder();
  let rest = "";
  let slow: string | undefined;
  let paths: string[] = [];
  let size = 0;
  return {
    push(chunk) {
      const told: string[] = [];
      let anything = false;
      // Only what is new is searched: it may come byte by byte.
      const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\0");
      rest += first;
      if (rest.length > LONGEST) throw ended();
      for (const next of others) {
        const said = rest;
        rest = next;
        if (said === "") {
          if (size > LONGEST) anything = true;
          else for (const path of paths) told.push(path);
          paths = [];
          size = 0;
        } else if (said === "/resync") anything = true;
        else if (said.startsWith("/slow")) slow = WHY_SLOW[said.slice(5)] ?? WHY_SLOW["inotify"];
        else if (said.startsWith("/fault")) throw faultOf(said.slice(6), directory);
        else {
          size += said.length + PATH;
          if (size <= LONGEST) paths.push(said);
          else paths = [];
        }
      }
      if (anything) return slow === undefined ? { resync: true } : { resync: true, slow };
      return told.length > 0 ? { paths: told } : undefined;
    },
  };
}

function faultOf(name: string, directory: string): WsError {
  return isConfinedFault(name) ? confinedFault(name, directory) : ended();
}

function ended(): WsError<"internal"> {
  return new WsError("internal", {
    message: "What watches the workspace's files was ended there.",
    next: "Try again; it is started again.",
    data: {},
  });
}
