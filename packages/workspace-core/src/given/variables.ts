import type { Engine } from "../engine.ts";
import type { WorkspaceRecord } from "../workspace.ts";

/** The worker's variables of a workspace, as one text. */
export async function variablesOf({ setup }: Pick<Engine, "setup">, record: WorkspaceRecord): Promise<string> {
  return JSON.stringify(Object.entries(await setup.environment(record)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
