import type { Engine } from "./engine.ts";
import { inTime } from "./time-limit.ts";
import type { WorkspaceId } from "./workspace.ts";

/** It is a moment's work, but what it runs in the workspace can be held up there for ever. */
const PATIENCE_MS = 10_000;

/** Tells a workspace's repository what its grants are by now; one without an open channel is told when one is opened. A failure is a line in the log. */
export async function showRights(
  { boxes, git, clock, log }: Engine,
  id: WorkspaceId,
  signal?: AbortSignal,
): Promise<void> {
  const box = boxes.opened(id);
  if (box === undefined) return;
  const late = (): Error => new Error(`not done within ${PATIENCE_MS / 1_000} s`);
  try {
    await inTime(clock, { ms: PATIENCE_MS, signal, late }, (ending) => git.showRights(box, ending));
  } catch (error) {
    log.warn("a workspace could not be told of its grants", { workspace: id, error });
  }
}
