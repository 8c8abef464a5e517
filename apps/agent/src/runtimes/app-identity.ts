import type { GitHubApp } from "@ws/credentials";
import { inTime, type Clock } from "@ws/workspace-core";

export type Identity = { name: string; email: string };

/** A process in a workspace does not wait longer for a name. */
const PATIENCE_MS = 3_000;
const AGAIN_MS = 60_000;

/** Who an app is, asked once; one that could not be asked is asked again after a while. */
export function createAppIdentity({ clock }: { clock: Clock }): (app: GitHubApp) => Promise<Identity | undefined> {
  const known = new WeakMap<GitHubApp, { asked: number; answer: Promise<Identity | undefined> }>();
  return async (app) => {
    const before = known.get(app);
    const found = await before?.answer;
    if (found !== undefined) return found;
    if (before !== undefined && clock.monotonic() - before.asked < AGAIN_MS) return undefined;
    const answer = inTime(clock, { ms: PATIENCE_MS, late: (cause) => cause }, (signal) => app.identity(signal)).catch(
      () => undefined,
    );
    known.set(app, { asked: clock.monotonic(), answer });
    return answer;
  };
}
