import type { Clock, Log, Runtime } from "@ws/workspace-core";

const REPORT_EVERY_MS = 10_000;

/**
 * Makes what workspaces need (the image, the network) before anybody asks for one, so that the first create does not wait
 * for all of it. A failure is only a warning here: create tries again and tells the one who waits.
 */
export async function prepareAhead(
  runtime: Runtime,
  ports: { clock: Clock; log: Log; signal: AbortSignal },
): Promise<void> {
  const { clock, log, signal } = ports;
  const started = clock.monotonic();
  let reported = started;
  const seconds = (): number => Math.round((clock.monotonic() - started) / 1_000);
  try {
    await runtime.prepare({
      signal,
      report({ message, percent }) {
        const now = clock.monotonic();
        if (now - reported < REPORT_EVERY_MS) return;
        reported = now;
        log.info("preparing the workspace image", { step: message, ...(percent === undefined ? {} : { percent }) });
      },
    });
    log.info("ready for workspaces", { runtime: runtime.name, seconds: seconds() });
  } catch (error) {
    if (signal.aborted)
      log.info("preparing for workspaces was stopped; nothing is half-made, and the next start does it");
    else log.warn("workspaces could not be prepared for; the first create tries again", { error });
  }
}
