import type { AgentClient } from "@ws/rpc-contract/client";
import { withRun } from "./draft.ts";

const KEY = "scripts.post_start";

/**
 * Has a script run after each start, or no longer. The list is read before it is written, because others change it too; those of this
 * page go one after the other, by their scope.
 */
export function runAfterStart(client: AgentClient, script: string) {
  return {
    scope: { id: KEY },
    mutationFn: async (runs: boolean) => {
      const settings = await client.config.settings.list();
      const now = settings.find(({ key }) => key === KEY)?.value;
      const scripts = Array.isArray(now) ? now.map(String) : [];
      await client.config.settings.set({ key: KEY, value: withRun(scripts, script, runs) });
    },
  };
}
