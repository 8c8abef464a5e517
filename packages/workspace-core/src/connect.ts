import { orAborted } from "./aborted.ts";
import type { Engine } from "./engine.ts";
import { giveFiles } from "./given/give-files.ts";
import { variablesOf } from "./given/variables.ts";
import { orGivenUp } from "./given-up.ts";
import type { Box, Report } from "./ports.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** Opens the way into a place that was just started, and puts the worker's files into it. */
export async function connect(
  engine: Engine,
  record: WorkspaceRecord,
  { report, signal }: { report: Report; signal: AbortSignal },
): Promise<Box> {
  engine.told.set(record.id, await variablesOf(engine, record));
  const files = (await engine.setup.files?.(record)) ?? [];
  // A place that is made anew has nothing of what one before it was given.
  const before = record.operation?.kind === "create" ? {} : (record.given ?? {});
  let given = false;
  const give = async (box: Box, ending: AbortSignal): Promise<void> => {
    given = true;
    if (files.length > 0) report({ message: "Copying files" });
    await giveFiles(engine, record, box, { files, before, anew: true, signal: ending });
  };
  // Before git is led to the worker: what leads it may stand in one of them.
  const box = await orAborted(engine.boxes.open(record, give), signal);
  // Somebody else had opened it already.
  if (!given) await orGivenUp(engine.clock, give(box, signal), signal);
  return box;
}
