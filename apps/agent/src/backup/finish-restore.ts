import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { syncDirectory, writeDurable } from "../config/durable-file.ts";

/** Says, once it is on the disk, that a restore will be finished, whatever comes between. */
const JOURNAL = "restore.json";

/** Of something in a directory, or of a file in one of its directories whose other files stay; never of one elsewhere. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)?$/;

const shape = z.strictObject({
  /** The directory with what is to come, and the one for what was there; names in the configuration directory. */
  staged: z.string().regex(/^\.unfinished-restore-[A-Za-z0-9]+$/),
  before: z.string().regex(/^before-restore-[A-Za-z0-9-]+$/),
  /** What was there. */
  old: z.array(z.string().regex(NAME)),
  /** What comes. */
  fresh: z.array(z.string().regex(NAME)),
});
export type Restoring = z.infer<typeof shape>;

/** Begins what `finishRestore` does, also in another process: from here on the new state is the one that will be there. */
export function beginRestore(configDir: string, restoring: Restoring): void {
  syncDirectory(join(configDir, restoring.staged));
  writeDurable(join(configDir, JOURNAL), JSON.stringify(restoring));
}

/** Whether a restore was begun and is not finished: the new state is only partly in its place. */
export function isHalfRestored(configDir: string): boolean {
  return existsSync(join(configDir, JOURNAL));
}

/**
 * Puts in place what was staged, as far as a restore was begun and not finished; each step may have been done already. To be called by whoever
 * holds the lock.
 */
export function finishRestore(configDir: string): void {
  if (!isHalfRestored(configDir)) return;
  const journal = join(configDir, JOURNAL);
  const { staged, before, old, fresh } = shape.parse(JSON.parse(readFileSync(journal, "utf8")));
  mkdirSync(join(configDir, before), { recursive: true, mode: 0o700 });
  const touched = new Set<string>();
  const move = (from: string, to: string): void => {
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
    renameSync(from, to);
    for (const path of [from, to]) touched.add(dirname(path));
  };
  for (const name of old) {
    const kept = join(configDir, before, name);
    if (!existsSync(kept) && existsSync(join(configDir, name))) move(join(configDir, name), kept);
  }
  for (const name of fresh) {
    const coming = join(configDir, staged, name);
    if (existsSync(coming)) move(coming, join(configDir, name));
  }
  for (const directory of [...touched, join(configDir, before), configDir]) syncDirectory(directory);
  rmSync(journal);
  syncDirectory(configDir);
  rmSync(join(configDir, staged), { recursive: true, force: true });
}
