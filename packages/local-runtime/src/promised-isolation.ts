import { WsError } from "@ws/workspace-core";
import { chooseIsolation, type IsolationOptions, type LocalIsolation } from "./isolation.ts";
import type { PlaceRecord } from "./place.ts";

/** How this worker isolates, found out once. */
export interface PromisedIsolation {
  found(): Promise<LocalIsolation>;
  /** For one place. Throws `runtime_unavailable` where it was promised more than there is. */
  of(record: PlaceRecord): Promise<LocalIsolation>;
}

export function createPromisedIsolation(options: IsolationOptions): PromisedIsolation {
  let chosen: Promise<LocalIsolation> | undefined;

  function found(): Promise<LocalIsolation> {
    if (chosen !== undefined) return chosen;
    const mine = chooseIsolation(options);
    chosen = mine;
    mine.catch(() => {
      chosen = undefined;
    });
    return mine;
  }

  return {
    found,
    /** What was made in a sandbox never runs without one, unless somebody decided so. */
    async of(record) {
      const now = await found();
      if (record.isolation !== "sandbox" || now.kind === "sandbox" || options.sandbox === "none") return now;
      throw new WsError("runtime_unavailable", {
        message: `${record.name} was made in a sandbox, and now there is none: ${now.reason}.`,
        next: "Make bubblewrap work again, or switch the sandbox off to run it without.",
        data: { runtime: "local" },
      });
    },
  };
}
