import type { Engine } from "./engine.ts";
import { isEngineGone, isWsError, WsError } from "./errors.ts";
import type { BoxProcess, ByteSource } from "./ports.ts";
import { timeLimit } from "./time-limit.ts";
import type { WorkspaceRecord } from "./workspace.ts";

const ASK_MS = 5_000;

/** What a caller is told of a channel that broke or did not open: why, where that is known. */
export async function reasonOf(engine: Engine, record: WorkspaceRecord, error: unknown): Promise<unknown> {
  if (!isWsError(error, "box_closed") && !isWsError(error, "box_unavailable")) return error;
  using limit = timeLimit(engine.clock, ASK_MS);
  try {
    await engine.runtime(record.runtime).find(record.id, limit.signal);
  } catch (reason) {
    if (isEngineGone(reason)) return reason;
  }
  return askedFor(engine.store.get(record.id) ?? record, error) ?? error;
}

/** What ended by itself has a reason of its own. */
function askedFor(record: WorkspaceRecord, cause: unknown): WsError | undefined {
  const { name, phase, power, operation, stopReason } = record;
  if (phase === "cleaned_up" || operation?.kind === "delete") {
    return new WsError("workspace_not_found", { message: `'${name}' was deleted.`, data: { name }, cause });
  }
  const isStopped = phase === "ready" && power === "stopped" && stopReason === undefined;
  if (operation === undefined ? !isStopped : operation.kind !== "stop") return undefined;
  return new WsError("workspace_not_running", {
    message: `'${name}' was stopped.`,
    next: `Start it: ws start ${name}.`,
    data: { name, status: "stopped" },
    cause,
  });
}

/** The process, whose exit and outputs fail with the reason. */
export function withReasons(process: BoxProcess, reason: (error: unknown) => Promise<unknown>): BoxProcess {
  let asked: Promise<unknown> | undefined;
  // Asked once: exit and outputs fail with the same error.
  const fail = async (error: unknown): Promise<never> => {
    throw await (asked ??= reason(error));
  };
  const exit = process.exit.catch(fail);
  exit.catch(() => undefined);
  return {
    stdout: explained(process.stdout, fail),
    stderr: explained(process.stderr, fail),
    exit,
    // Not that one: the process may go on, and end for another reason.
    signal: (name) =>
      process.signal(name).catch(async (error: unknown) => {
        throw await reason(error);
      }),
  };
}

/** No generator: one that was never begun would not tell the source that its reader leaves. */
function explained(source: ByteSource, fail: (error: unknown) => Promise<never>): ByteSource {
  return {
    [Symbol.asyncIterator]() {
      const inner = source[Symbol.asyncIterator]();
      return {
        next: () => inner.next().catch(fail),
        return: async () => (await inner.return?.()) ?? { done: true, value: undefined },
      };
    },
  };
}
