import type { Clock, Log, Runtime } from "@ws/workspace-core";

const REPORT_EVERY_MS = 10_000;

/** How far the image of workspaces is; nothing is told where it is there already. */
export type ImageNews =
  | {
      type: "progress";
      /** Whether the worker builds it, or it is somebody else's and fetched. */ isOwn: boolean;
      step: string;
      percent?: number;
    }
  | { type: "done" | "failed" | "stopped" };

/**
 * Makes what workspaces need (the image, the network) before anybody asks for one, so that the first create does not wait
 * for all of it. A failure is only a warning here: create tries again and tells the one who waits.
 */
export async function prepareAhead(
  runtime: Runtime,
  ports: { clock: Clock; log: Log; signal: AbortSignal; isOwn: boolean; tell?: (news: ImageNews) => void },
): Promise<void> {
  const { clock, log, signal, isOwn, tell } = ports;
  const started = clock.monotonic();
  let reported = started;
  const seconds = (): number => Math.round((clock.monotonic() - started) / 1_000);
  try {
    await runtime.prepare({
      signal,
      report({ message, percent }) {
        const progress = { step: message, ...(percent === undefined ? {} : { percent }) };
        // Elsewhere there is no image, and nothing takes long.
        if (tell !== undefined && runtime.name === "docker") return tell({ type: "progress", isOwn, ...progress });
        const now = clock.monotonic();
        if (now - reported < REPORT_EVERY_MS) return;
        reported = now;
        log.info("preparing the workspace image", progress);
      },
    });
    tell?.({ type: "done" });
    log.info("ready for workspaces", { runtime: runtime.name, seconds: seconds() });
  } catch (error) {
    tell?.({ type: signal.aborted ? "stopped" : "failed" });
    if (signal.aborted)
      log.info("preparing for workspaces was stopped; nothing is half-made, and the next start does it");
    else log.warn("workspaces could not be prepared for; the first create tries again", { error });
  }
}
