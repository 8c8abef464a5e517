import { setImmediate, setTimeout } from "node:timers/promises";
import type { Io } from "../io.ts";

/** A process that is stopped at all is so long before. */
const STOPPED_WITHIN_MS = 100;

/**
 * Gives the terminal back to the shell, until that has this process go on; resolves to whether there was one. Where these screens are
 * the terminal's own program nobody could wake them, so the system does not stop them, and they are drawn again.
 */
export async function suspend(
  renderer: { suspend(): void; resume(): void },
  { onContinue }: Pick<Io, "onContinue">,
  // The whole group, as a terminal does.
  stop = (): unknown => process.kill(0, "SIGTSTP"),
): Promise<boolean> {
  let wasStopped = false;
  const off = onContinue(() => void (wasStopped = true));
  renderer.suspend();
  stop();
  // Once it goes on, this is over; what says why is heard in the same round, before the next step.
  await setTimeout(STOPPED_WITHIN_MS);
  await setImmediate();
  off();
  if (!wasStopped) renderer.resume();
  return wasStopped;
}
