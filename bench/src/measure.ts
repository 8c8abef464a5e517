import { setTimeout as delay } from "node:timers/promises";
import { judge, type ResultRow } from "./report.ts";
import { NotAvailable } from "./not-available.ts";
import type { Context, Row } from "./row.ts";

const LIMIT_MS = 180_000;

export interface Outcome {
  results: ResultRow[];
  /** Rows that are left out, with the reason. */
  left: { name: string; reason: string }[];
  failed: { name: string; reason: string }[];
}

/** Measures one row after the other. A row that fails does not stop the next; an abort does. */
export async function measureRows(rows: readonly Row[], options: Omit<Context, "cleanup">): Promise<Outcome> {
  const outcome: Outcome = { results: [], left: [], failed: [] };
  for (const row of rows) {
    options.signal.throwIfAborted();
    options.say(`${row.name}: ${row.title}`);
    try {
      outcome.results.push(judge(row.name, await measureOne(row, options)));
    } catch (error) {
      options.signal.throwIfAborted();
      const list = error instanceof NotAvailable ? outcome.left : outcome.failed;
      list.push({ name: row.name, reason: (error as Error).message });
    }
  }
  return outcome;
}

async function measureOne(row: Row, options: Omit<Context, "cleanup">) {
  await using cleanup = new AsyncDisposableStack();
  const limit = AbortSignal.timeout(row.limitMs ?? LIMIT_MS);
  const signal = AbortSignal.any([options.signal, limit]);
  const ended = new AbortController();
  // Raced, so that a part which does not listen to the signal cannot hold the others up.
  const over = delay(2 ** 31 - 1, undefined, { signal: AbortSignal.any([signal, ended.signal]), ref: false }).catch(
    () => {
      if (limit.aborted) throw new Error(`it took longer than ${(row.limitMs ?? LIMIT_MS) / 1_000} s`);
      throw (signal.reason as Error | undefined) ?? new Error("ended");
    },
  );
  over.catch(() => undefined);
  try {
    return await Promise.race([row.measure({ ...options, signal, cleanup }), over as Promise<never>]);
  } finally {
    ended.abort();
  }
}
