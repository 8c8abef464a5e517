import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { WsError, type Log } from "@ws/workspace-core";
import { socketPath } from "../paths.ts";
import { diskFull, isFull } from "../store/disk-full.ts";
import { isPage, removePage } from "../system/open-browser.ts";

/** What the agent writes beside the configuration; each is private to its user. */
const PRIVATE_FILES = [
  "config.json",
  "secrets.json",
  "client.json",
  "state.db",
  "state.db-wal",
  "state.db-shm",
  "state.reserve",
  "agent.log",
  "agent.log.1",
  "agent.lock",
  "agent.pid",
  "tls/worker.key",
];

/**
 * Makes the configuration directory private: 0700, its files 0600. Looser permissions are repaired with a warning, and what
 * still leads to a link is removed.
 * Throws `config_invalid` where somebody else owns it, because then nothing in it can be trusted.
 */
export function prepareDirectory(configDir: string, log: Log): void {
  for (const directory of new Set([configDir, join(configDir, "scripts"), dirname(socketPath(configDir))])) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    requireOwn(directory);
    tighten(directory, 0o700, log);
  }
  for (const page of findPages(configDir)) removePage(page);
  for (const name of PRIVATE_FILES) {
    const path = join(configDir, name);
    if (existsSync(path)) tighten(path, 0o600, log);
  }
}

/** Makes the configuration directory where it is not there. Throws `config_invalid` where nothing can be written in it. */
export function makeDirectory(configDir: string): void {
  try {
    mkdirSync(configDir, { recursive: true, mode: 0o700 });
    accessSync(configDir, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (isFull(error)) throw diskFull(error);
    throw new WsError("config_invalid", {
      message: `The agent cannot write in ${configDir} (${(error as NodeJS.ErrnoException).code}).`,
      next: "Set WS_CONFIG_DIR to a directory that can be written.",
      data: { file: configDir },
      cause: error,
    });
  }
}

/** An empty file that is private from its first moment on; an existing one stays as it is. */
export function createPrivate(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** Paths beside the configuration that others could read or write, with their modes. */
export function findLoose(configDir: string): { path: string; mode: number }[] {
  return [configDir, ...PRIVATE_FILES.map((name) => join(configDir, name)), ...findPages(configDir)]
    .filter((path) => existsSync(path))
    .map((path) => ({ path, mode: lstatSync(path).mode & 0o777 }))
    .filter(({ mode }) => (mode & 0o077) !== 0);
}

function findPages(configDir: string): string[] {
  return readdirSync(configDir)
    .filter(isPage)
    .map((name) => join(configDir, name));
}

function requireOwn(directory: string): void {
  const found = lstatSync(directory);
  if (found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid())) return;
  throw new WsError("config_invalid", {
    message: `${directory} is not a directory of this user.`,
    next: "Point WS_CONFIG_DIR at a directory of your own.",
    data: { file: directory },
  });
}

function tighten(path: string, mode: number, log: Log): void {
  const found = lstatSync(path).mode & 0o777;
  if ((found & ~mode) === 0) return;
  chmodSync(path, mode);
  log.warn("permissions were too open and have been tightened", {
    path,
    found: found.toString(8),
    now: mode.toString(8),
  });
}
