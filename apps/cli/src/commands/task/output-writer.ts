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

export interface OutputWriter {
  write(part: TaskOutput): Promise<void>;
  /** Nothing follows: writes what is left of it. */
  end(): Promise<void>;
}

/** Writes what a task said, as it comes; what was not kept of it, and each further attempt, is said beside it. With `tail` it begins anywhere. */
export function outputWriter(
  { io, hint }: Context,
  { signal, tail, tool, raw = false }: WriterOptions = {},
): OutputWriter {
  const isForEyes = io.stdout.isTTY === true;
  // A pipe gets it as it is.
  const words = isForEyes && !raw ? toolWords(tool) : undefined;
  let last: { attempt: number; end: number } | undefined;
  const show = (text: string): Promise<void> => written(io.stdout, isForEyes ? coloured(text) : text, signal);

  async function end(): Promise<void> {
    const rest = words?.end() ?? "";
    if (rest !== "") await show(rest);
  }

  return {
    end,
    async write({ attempt, offset, end: next, text }) {
      const first = last === undefined && tail !== undefined ? offset : 0;
      const missing = offset - (last?.attempt === attempt ? last.end : first);
      // The rest of a line that was begun before does not come.
      if (missing > 0 || attempt !== last?.attempt) await end();
      if (last !== undefined && attempt !== last.attempt) hint(`Attempt ${attempt}:`);
      if (missing > 0) hint(`… ${bytesText(missing)} were not kept …`);
      last = { attempt, end: next };
      await show(words?.push(text) ?? text);
    },
  };
}
