import type { Context } from "./context.ts";
import { CliError, EXIT } from "./errors.ts";

/** Waits for work that the worker does; an interrupt ends the waiting only, and says so. */
export async function interruptible<T>(
  { io }: Pick<Context, "io">,
  told: { goesOn: string; next: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const interrupted = new AbortController();
  const off = io.onInterrupt(() => interrupted.abort());
  try {
    return await work(interrupted.signal);
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    throw new CliError("interrupted", `No longer waiting; ${told.goesOn}.`, {
      next: told.next,
      exit: EXIT.interrupted,
    });
  } finally {
    off();
  }
}
