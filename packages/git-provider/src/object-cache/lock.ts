import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const BUSY = 5;
const POLL_MS = 20;

/** Waits until nobody else, in this process or another, holds the lock. */
export async function holdLock(path: string, signal: AbortSignal): Promise<Disposable> {
  for (;;) {
    const held = tryLock(path);
    if (held !== undefined) return held;
    await delay(POLL_MS, undefined, { signal });
  }
}

/**
 * The lock, unless somebody else holds it. It is one of SQLite's file locks, which the kernel releases when its process dies
 * however it dies.
 */
export function tryLock(path: string): Disposable | undefined {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    return { [Symbol.dispose]: () => db.close() };
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) === BUSY) return undefined;
    throw error;
  }
}
