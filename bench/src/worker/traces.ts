import { existsSync } from "node:fs";
import { join } from "node:path";
import { engineRuntime } from "./engine-runtime.ts";

const PATIENCE_MS = 60_000;

/**
 * Removes what the agent of this directory made in the engine: it is found by the instance's label and not by asking
 * the agent, which may be what broke.
 */
export async function removeTraces(configDirectory: string): Promise<void> {
  if (!existsSync(join(configDirectory, "state.db"))) return;
  const runtime = engineRuntime(configDirectory);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const places = await runtime.list(signal).catch(() => undefined);
  // No engine: then there is nothing in it either.
  if (places === undefined) return;
  const ids = new Set([...places.map(({ id }) => id), ...(await runtime.homes(signal))]);
  await Promise.all([...ids].map((id) => runtime.remove(id, signal)));
  await runtime.teardown(signal);
}
