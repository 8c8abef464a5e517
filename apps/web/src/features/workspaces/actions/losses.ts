import type { AgentClient } from "@ws/rpc-contract/client";
import { toProblem, type Problem } from "../../../problem.ts";

/** What deleting a workspace destroys, as far as it can be known. */
export interface Losses {
  /** What lies in it and nowhere else, in the worker's words; `unknown` says why it could not be looked at. */
  work: { kind: "holds"; holder: string } | { kind: "nothing" } | { kind: "unknown"; problem: Problem };
  /** Undefined where they could not be counted. */
  terminals: number | undefined;
}

/** Asks the worker what would be lost. It starts a stopped workspace to look, which takes seconds. */
export async function findLosses(
  client: AgentClient,
  { id, name, status }: { id: string; name: string; status: string },
  signal: AbortSignal,
): Promise<Losses> {
  // Looking waits for a create to end, which the delete is to cancel; nobody has worked in it yet.
  if (status === "creating") return { work: { kind: "nothing" }, terminals: 0 };
  const [work, terminals] = await Promise.all([
    client.workspaces.cleanup({ name, id, dryRun: true }, { signal }).then(
      ({ kept, holder = "work that lies nowhere else" }): Losses["work"] =>
        kept ? { kind: "holds", holder } : { kind: "nothing" },
      (error: unknown): Losses["work"] => ({ kind: "unknown", problem: toProblem(error) }),
    ),
    status !== "running"
      ? 0
      : client.terminals.list({ name }, { signal }).then(
          (list) => list.filter((terminal) => terminal.exitCode === undefined).length,
          () => undefined,
        ),
  ]);
  return { work, terminals };
}

/** Whether the dialog has shown what would be destroyed: only then may a delete be forced. */
export function mayForce(losses: Losses | undefined, problem: Problem | undefined): boolean {
  return losses?.work.kind === "holds" || problem?.code === "unpushed_work";
}
