import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const BUSY = 5;
const POLL_MS = 20;

/**
 * Waits until nobody else, in this process or another, holds the lock. It is one of SQLite's file locks, which the kernel
 * releases when its process dies however it dies.
 */
export async function holdLock(path: string, signal: AbortSignal): Promise<Disposable> {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA busy_timeout = 0");
    while (!tryLock(db)) await delay(POLL_MS, undefined, { signal });
  } catch (error) {
    db.close();
    throw error;
  }
  return { [Symbol.dispose]: () => db.close() };
}

function tryLock(db: DatabaseSync): boolean {
  try {
    db.exec("BEGIN IMMEDIATE");
    return true;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) === BUSY) return false;
    throw error;
  }
}
