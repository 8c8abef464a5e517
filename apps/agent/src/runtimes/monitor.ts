import type { Isolation, Log, RuntimeName, RuntimeStatus, Workspaces } from "@ws/workspace-core";
import type { Choice } from "./choose.ts";

export interface Monitor {
  /** The runtime of new workspaces as it was last seen; no call to the engine. */
  current(): RuntimeStatus & { available: boolean };
  isolationOf: (runtime: RuntimeName) => Isolation;
}

/** Keeps what is known of the runtimes up to date from their events, so that asking costs nothing. */
export async function watchStatus(
  workspaces: Workspaces,
  { runtimes, status }: Choice,
  log: Log,
  signal: AbortSignal,
): Promise<Monitor> {
  const [{ name }, ...others] = runtimes;
  const isolations = new Map<RuntimeName, Isolation>([["docker", "container"]]);
  let available = status !== undefined;
  let last = status ?? absent(name);
  isolations.set(name, last.isolation);
  const local = others.find((runtime) => runtime.name === "local");
  if (local !== undefined) isolations.set("local", (await local.status()).isolation);

  void follow().catch((error: unknown) => log.error("watching the engine failed", { error }));

  async function follow(): Promise<void> {
    for await (const event of workspaces.events(signal)) {
      if (event.type !== "engine" || event.runtime !== name) continue;
      available = event.available;
      if (available) last = await workspaces.status(name).catch(() => last);
    }
  }

  return {
    current: () => ({ ...last, available }),
    isolationOf: (runtime) => isolations.get(runtime) ?? "none",
  };
}

function absent(runtime: RuntimeName): RuntimeStatus {
  const isolation = runtime === "docker" ? "container" : "none";
  return { runtime, isolation, version: "", remarks: ["The engine does not answer."] };
}
