import { isWsError } from "../errors.ts";
import type { Clock, Log } from "../ports.ts";
import type { TaskEvent } from "./advance.ts";
import { isPassing } from "./passing.ts";
import type { TaskId } from "./task.ts";
import type { TaskRecords } from "./task-records.ts";

const RETRY_MS = 1_000;

/** Writes down what became of a task, however long it takes: a full disk must not make one that is over run for ever. */
export async function settleTask(
  id: TaskId,
  event: TaskEvent,
  {
    records,
    clock,
    log,
    closing,
  }: { records: TaskRecords; clock: Pick<Clock, "sleep">; log: Log; closing: AbortSignal },
): Promise<void> {
  for (;;) {
    try {
      records.change(id, event);
      return;
    } catch (error) {
      if (!isWsError(error) || !isPassing(error)) throw error;
      log.warn("how a task ended could not be written down yet", { task: id, error });
      await clock.sleep(RETRY_MS, closing).catch(() => undefined);
      if (closing.aborted) return;
    }
  }
}
