import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WsError } from "@ws/workspace-core";

const BUSY = 5;

/**
 * Makes this process the only one that uses a directory until disposed. It is held through SQLite's file locks, which the
 * kernel gives back however the process ends; the pid beside it only serves the message. Throws `state_locked`.
 */
export function lockDirectory(directory: string): Disposable {
  const pidFile = join(directory, "lock.pid");
  const lock = new DatabaseSync(join(directory, "lock"));
  try {
    lock.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    throw locked(directory, readPid(pidFile));
  }
  return {
    [Symbol.dispose]() {
      // While it is still held, so that the pid is not the next one's.
      rmSync(pidFile, { force: true });
      lock.close();
    },
  };
}

function readPid(path: string): number {
  try {
    return Number(readFileSync(path, "utf8")) || 0;
  } catch {
    return 0;
  }
}

function locked(directory: string, pid: number): WsError<"state_locked"> {
  const who = pid === process.pid ? "Another WorkspaceService of this process" : "Another process";
  return new WsError("state_locked", {
    message: `${who}${pid === 0 || pid === process.pid ? "" : ` (${pid})`} uses ${directory}.`,
    next: "Close that one first, or give this one another workspacesDir.",
    data: { pid },
  });
}
