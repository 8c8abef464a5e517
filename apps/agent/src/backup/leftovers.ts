import { lstatSync, readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

/** Nothing that still runs has begun that long ago. */
const DAY_MS = 86_400_000;
/** What directories are called in which a backup or a restore has its copies; nobody calls one of their own so. */
export const SCRATCH = { backup: ".unfinished-backup-", restore: ".unfinished-restore-" } as const;

/** Removes what backups and restores that were killed left in the configuration directory: copies of the state, with all that lies in it. */
export function removeLeftovers(configDir: string, now: number): void {
  removeOld(configDir, now, (name) => Object.values(SCRATCH).some((prefix) => name.startsWith(prefix)));
}

/** Removes what backups to this file that were killed left beside it. */
export function removeParts(directory: string, file: string, now: number): void {
  const [before, length] = [`.${basename(file)}.`, 12];
  removeOld(directory, now, (name) => name.startsWith(before) && isHex(name.slice(before.length), length));
}

function isHex(text: string, length: number): boolean {
  return text.length === length && /^[0-9a-f]+$/.test(text);
}

function removeOld(directory: string, now: number, isOurs: (name: string) => boolean): void {
  for (const name of readdirSync(directory).filter(isOurs)) {
    const path = join(directory, name);
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined || now - found.mtimeMs <= DAY_MS) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Somebody else's by now; no reason not to start.
    }
  }
}
