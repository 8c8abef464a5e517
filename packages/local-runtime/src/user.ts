import { accessSync, constants } from "node:fs";
import { homedir, userInfo } from "node:os";
import { basename } from "node:path";
import type { User } from "./bubblewrap.ts";
import type { PlacePaths } from "./place.ts";

const STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The user that this process runs as. One that no user database knows is named by number. */
export function readUser(): User {
  try {
    const { username: name, uid, gid, homedir: home, shell } = userInfo();
    return { name, uid, gid, home, shell: usableShell(shell) };
  } catch {
    const uid = process.getuid?.() ?? 0;
    return { name: String(uid), uid, gid: process.getgid?.() ?? 0, home: homedir(), shell: usableShell(null) };
  }
}

/** What every process of a workspace finds, and nothing of the worker's own environment, where secrets are. */
export function cleanEnvironment(options: {
  paths: PlacePaths;
  user: User;
  /** As processes name them. */
  tmp: string;
  run: string;
  path?: string;
}): Record<string, string> {
  const { paths, user, tmp, run, path = STANDARD_PATH } = options;
  return {
    // What its own user installs there is found, behind what the machine has.
    PATH: `${path}:${paths.home}/.local/bin`,
    HOME: paths.home,
    USER: user.name,
    LOGNAME: user.name,
    SHELL: user.shell,
    LANG: "C.UTF-8",
    TMPDIR: tmp,
    XDG_RUNTIME_DIR: run,
  };
}

function usableShell(shell: string | null): string {
  const candidates = [shell ?? "", "/bin/bash", "/bin/sh"];
  const refusing = new Set(["", "nologin", "false", "sync"]);
  return candidates.find((file) => !refusing.has(basename(file)) && isExecutable(file)) ?? "/bin/sh";
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
