import type { TaskOutput } from "@ws/rpc-contract";
import type { Context } from "../../context.ts";
import { coloured } from "../../output/coloured.ts";
import { bytesText } from "../../output/workspace.ts";
import { written } from "../../output/written.ts";

/** Writes what a task said, as it comes; what was not kept of it, and each further attempt, is said beside it. */
export function outputWriter({ io, hint }: Context, signal?: AbortSignal): (part: TaskOutput) => Promise<void> {
  let last: { attempt: number; end: number } | undefined;
  return async ({ attempt, offset, end, text }) => {
    if (last !== undefined && attempt !== last.attempt) hint(`Attempt ${attempt}:`);
    const missing = offset - (last?.attempt === attempt ? last.end : 0);
    if (missing > 0) hint(`… ${bytesText(missing)} were not kept …`);
    last = { attempt, end };
    await written(io.stdout, io.stdout.isTTY === true ? coloured(text) : text, signal);
  };
}
