import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { createDockerRuntime, engineAddress } from "@ws/docker-runtime";
import { paths } from "../paths.ts";

const PATIENCE_MS = 60_000;

/**
 * Removes what the agent of this directory made in the engine: it is found by the instance's label and not by asking
 * the agent, which may be what broke.
 */
export async function removeTraces(configDirectory: string): Promise<void> {
  const instance = instanceOf(configDirectory);
  if (instance === undefined) return;
  const runtime = createDockerRuntime({
    instance,
    imageDirectory: paths.docker,
    engine: engineAddress(process.env, (path) => readFileSync(path, "utf8")),
    clock: {
      now: Date.now,
      monotonic: () => performance.now(),
      sleep: (ms, signal) => delay(ms, undefined, { signal }),
    },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const places = await runtime.list(signal).catch(() => undefined);
  // No engine: then there is nothing in it either.
  if (places === undefined) return;
  const ids = new Set([...places.map(({ id }) => id), ...(await runtime.homes(signal))]);
  await Promise.all([...ids].map((id) => runtime.remove(id, signal)));
  await runtime.teardown(signal);
}

function instanceOf(configDirectory: string): string | undefined {
  const path = join(configDirectory, "state.db");
  if (!existsSync(path)) return undefined;
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    return db.prepare("SELECT value FROM meta WHERE key = 'instance'").get()?.["value"]?.toString();
  } finally {
    db.close();
  }
}

function ignore(): void {
  // Nobody reads what tidying up logs.
}
