import type { EgressPorts } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import type { Adapters } from "../runtimes/adapters.ts";
import type { Audit } from "../store/audit.ts";

/** What the worker's settings say of the way out, which is loaded with the first workspace that needs it. */
export function createEgressPorts({
  adapters,
  config,
  audit,
}: {
  adapters: Pick<Adapters, "egress">;
  config: Pick<Config, "get">;
  audit: Pick<Audit, "append">;
}): EgressPorts {
  return {
    way: { attach: async (box, options) => (await adapters.egress()).attach(box, options) },
    worker: () => ({
      presets: config.get("egress.presets"),
      allow: config.get("egress.allow"),
      deny: config.get("egress.deny"),
    }),
    refused: ({ workspace: { id, name }, host, port, why }) =>
      // Each workspace by itself, so that what one asks for pushes nothing of others out.
      audit.append({
        who: `workspace/${id}`,
        action: "egress.connect",
        target: name,
        outcome: "forbidden",
        details: { host, port: String(port), why },
      }),
  };
}
