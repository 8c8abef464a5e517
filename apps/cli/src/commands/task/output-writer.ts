import type { TaskOutput } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { coloured } from "../../output/coloured.ts";
import { bytesText } from "../../output/workspace.ts";
import { written } from "../../output/written.ts";
import { toolWords } from "./tool-words.ts";

interface WriterOptions {
  signal?: AbortSignal;
  /** How many lines it begins with, where it begins anywhere. */
  tail?: number | undefined;
  /** The coding tool whose words are shown to people. */
  tool?: string | undefined;
  raw?: boolean;
}

/** Writes what a task said, as it comes; what was not kept of it, and each further attempt, is said beside it. With `tail` it begins anywhere. */
export function outputWriter(
  { io, hint }: Context,
  { signal, tail, tool, raw = false }: WriterOptions = {},
): (part: TaskOutput) => Promise<void> {
  // A pipe gets it as it is.
  const begin = (): ReturnType<typeof toolWords> => (io.stdout.isTTY === true && !raw ? toolWords(tool) : undefined);
  let words = begin();
  let last: { attempt: number; end: number } | undefined;
  return async ({ attempt, offset, end, text }) => {
    if (last !== undefined && attempt !== last.attempt) hint(`Attempt ${attempt}:`);
    const first = last === undefined && tail !== undefined ? offset : 0;
    const missing = offset - (last?.attempt === attempt ? last.end : first);
    // The rest of a line that was begun before does not come.
    if (missing > 0 || attempt !== last?.attempt) words = begin();
    if (missing > 0) hint(`… ${bytesText(missing)} were not kept …`);
    last = { attempt, end };
    await written(io.stdout, io.stdout.isTTY === true ? coloured(words?.(text) ?? text) : text, signal);
  };
}
