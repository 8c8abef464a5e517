import { toWsError } from "@ws/workspace-core";
import type { Parts } from "./parts.ts";

const EVERY_MS = 60_000;

/**
 * Cleans up what failed to be provisioned, once it has been there to be looked at for as long as a workspace lives: it never ran, so
 * that no TTL counts for it.
 */
export async function sweepFailed({ settings, state, workspaces, clock, log, closing }: Parts): Promise<void> {
  const { ttlMs } = settings;
  if (ttlMs === undefined) return;
  while (!closing.aborted) {
    for (const { name, phase, failure } of state.store.list()) {
      if (phase !== "error" || clock.now() - (failure?.at ?? 0) < ttlMs) continue;
      await workspaces.cleanup(name, { reason: "it failed to be provisioned" }).catch((error: unknown) => {
        log.warn("what failed could not be cleaned up", { workspace: name, error: toWsError(error).message });
      });
    }
    await clock.sleep(EVERY_MS, closing).catch(() => undefined);
  }
}
