import { inTime, type Clock, type Log, type Workspaces } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { watchSources } from "../config/watch-sources.ts";

/** What whoever changes a credential waits for at most: a workspace may hold up what is written there. */
const PATIENCE_MS = 2_000;

export interface KeptGiven {
  /** To be called after each change: resolves once the workspaces that run have it, or soon. */
  changed(): Promise<void>;
}

/** Keeps what the worker gives to workspaces that run as it is on the worker, until the signal aborts. */
export function keepGiven(options: {
  workspaces: () => Promise<Pick<Workspaces, "regive">>;
  config: Pick<Config, "credentials">;
  env: Readonly<Record<string, string | undefined>>;
  clock: Pick<Clock, "sleep">;
  log: Log;
  signal: AbortSignal;
}): KeptGiven {
  const { workspaces, config, env, clock, log, signal } = options;

  async function regive(): Promise<void> {
    await (await workspaces()).regive();
  }

  function tell(error: unknown): void {
    if (!signal.aborted) log.error("what changed of the worker's credentials could not be given", { error });
  }

  const watched = workspaces().then(() =>
    watchSources({ config, env, clock, signal }, () => void regive().catch(tell)),
  );
  watched.catch(tell);

  return {
    async changed() {
      const late = (): Error => new Error("it goes on");
      await inTime(clock, { ms: PATIENCE_MS, signal, late }, regive).catch(() => undefined);
    },
  };
}
