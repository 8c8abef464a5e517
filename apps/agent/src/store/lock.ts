import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WsError } from "@ws/workspace-core";
import { createPrivate } from "../config/directory.ts";

const BUSY = 5;

/**
 * Makes this process the only agent of the directory until disposed. Held through SQLite's file locks, which the kernel
 * releases when the process dies however it dies; the pid beside it only serves the message. Throws `state_locked`.
 */
export function lockState(configDir: string): Disposable {
  const path = join(configDir, "agent.lock");
  const pidFile = join(configDir, "agent.pid");
  createPrivate(path);
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    db.close();
    if (((error as { errcode?: number }).errcode ?? 0) !== BUSY) throw error;
    throw locked(configDir, readPid(pidFile));
  }
  return {
    [Symbol.dispose]() {
      // While the lock is still held, so that it is not the next agent's.
      if (readPid(pidFile) === process.pid) rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

/** The process that had the lock last, 0 where that is not known; whether it still has it, this does not say. */
export function lastHolder(configDir: string): number {
  return readPid(join(configDir, "agent.pid"));
}

function readPid(path: string): number {
  try {
    return Number(readFileSync(path, "utf8")) || 0;
  } catch {
    return 0;
  }
}

/** A service's manager would start again what is only killed. */
export function howToStop(pid: number, cgroup: string): string {
  if (!/\/workspace-agent\.service$/m.test(cgroup)) return `kill ${pid}`;
  return `${/\/user@\d+\.service\//.test(cgroup) ? "systemctl --user" : "sudo systemctl"} stop workspace-agent`;
}

/** What of systemd's a process is part of; nothing where there is no such thing. */
function cgroupOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8");
  } catch {
    return "";
  }
}

/** What ends the process that has the lock, as a person types it. */
export function stopOf(pid: number): string {
  return howToStop(pid, cgroupOf(pid));
}

function locked(configDir: string, pid: number): WsError {
  return new WsError("state_locked", {
    message: `Another agent${pid === 0 ? "" : ` (process ${pid})`} is running on ${configDir}.`,
    next:
      pid === 0
        ? "Use that one, or give this one its own WS_CONFIG_DIR."
        : `Use that one, stop it with '${stopOf(pid)}', or give this one its own WS_CONFIG_DIR.`,
    data: { pid },
  });
}
