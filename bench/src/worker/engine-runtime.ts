import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { createDockerRuntime, type DockerRuntime, engineAddress } from "@ws/docker-runtime";
import { paths } from "../paths.ts";

/** The runtime of the agent with this state, in our own process. */
export function engineRuntime(configDirectory: string): DockerRuntime {
  return createDockerRuntime({
    instance: instanceOf(configDirectory),
    imageDirectory: paths.docker,
    engine: engineAddress(process.env, (path) => readFileSync(path, "utf8")),
    clock: {
      now: Date.now,
      monotonic: () => performance.now(),
      sleep: (ms, signal) => delay(ms, undefined, { signal }),
    },
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  });
}

function instanceOf(configDirectory: string): string {
  const db = new DatabaseSync(join(configDirectory, "state.db"), { readOnly: true });
  try {
    const row = db.prepare("SELECT value FROM meta WHERE key = 'instance'").get();
    if (row === undefined) throw new Error("The agent's state names no instance.");
    return String(row["value"]);
  } finally {
    db.close();
  }
}

function ignore(): void {
  // Nobody reads it.
}
