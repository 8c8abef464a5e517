import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { CliError, EXIT } from "../errors.ts";
import type { Io } from "../io.ts";

/** The user's own `~/.ssh/config`. */
export function userConfigPath(env: Io["env"]): string {
  return join(env["HOME"] ?? homedir(), ".ssh", "config");
}

/**
 * Replaces it by what `change` makes of it, at once or not at all: a link is followed, the mode stays, and what is the same is not written. Returns
 * whether it was. Throws a `CliError` where it cannot be read or written, and leaves it as it is.
 */
export function changeUserConfig(path: string, change: (text: string) => string): boolean {
  try {
    const target = realOf(path);
    const text = readOf(target);
    const next = change(text ?? "");
    if (next === (text ?? "")) return false;
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    if (text !== undefined) requireWritable(target);
    replaceFile(target, Buffer.from(next, "latin1"), text === undefined ? 0o600 : statSync(target).mode & 0o7777);
    return true;
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new CliError("permission_denied", `${path} cannot be changed (${code}); it is as it was.`, {
      next: "Add the line yourself: ws ssh-config --print shows it.",
      exit: EXIT.denied,
      cause: error,
    });
  }
}

/** The old content or the new, whatever happens meanwhile. */
export function replaceFile(path: string, content: Uint8Array, mode: number): void {
  const draft = `${path}.${process.pid}.ws`;
  try {
    const file = openSync(draft, "wx", 0o600);
    try {
      // All of it: one call may write a part, and say so by its number only.
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    chmodSync(draft, mode);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return path;
    throw error;
  }
}

/** Whoever made a file read-only did not mean it to be replaced. */
function requireWritable(path: string): void {
  closeSync(openSync(path, "r+"));
  if ((statSync(path).mode & 0o200) === 0) throw Object.assign(new Error("read-only"), { code: "EROFS" });
}

function readOf(path: string): string | undefined {
  try {
    // As bytes: what is no UTF-8 stays what it is.
    return readFileSync(path, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
