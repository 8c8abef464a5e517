import { existsSync } from "node:fs";
import { join } from "node:path";
import { isWsError, WsError } from "@ws/workspace-core";
import { makeDirectory } from "../config/directory.ts";
import { lockState, stopOf } from "../store/lock.ts";
import { requireBackup } from "./read-backup.ts";

/** What can be told before anybody is asked whether a file shall be restored. Throws `backup_invalid`, `state_locked`, `config_invalid`. */
export function requireRestorable(configDir: string, file: string): void {
  requireBackup(file);
  // Where no agent ever was, nothing is made only to look.
  if (!existsSync(join(configDir, "agent.lock"))) return;
  makeDirectory(configDir);
  lockForRestore(configDir)[Symbol.dispose]();
}

/** As an agent's own lock; who restores is told to end the agent that has it. Throws `state_locked`. */
export function lockForRestore(configDir: string): Disposable {
  try {
    return lockState(configDir);
  } catch (error) {
    if (!isWsError(error, "state_locked")) throw error;
    const { pid } = error.data;
    throw new WsError("state_locked", {
      message: `An agent${pid === 0 ? "" : ` (process ${pid})`} is running on ${configDir}, and a restore needs it ended.`,
      next: pid === 0 ? "End it, then try again." : `End it with '${stopOf(pid)}', then try again.`,
      data: { pid },
      cause: error,
    });
  }
}
