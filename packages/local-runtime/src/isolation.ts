import { mkdir } from "node:fs/promises";
import { WsError } from "@ws/workspace-core";
import { findProgram, readSystemView, type User } from "./bubblewrap.ts";
import { fileError } from "./file-errors.ts";
import { createSandbox, probeSandbox, type Sandbox } from "./sandbox.ts";

/** What separates workspaces from the worker's user, and why it is no more. */
export type LocalIsolation = { kind: "sandbox"; sandbox: Sandbox } | { kind: "none"; reason: string };

export interface IsolationOptions {
  directory: string;
  user: User;
  sandbox: "auto" | "bubblewrap" | "none";
  /** Where bubblewrap is looked for: directories, as in PATH. */
  programs: string;
  hidden: readonly string[];
  readable: readonly string[];
}

/** Tries bubblewrap once, really. Throws `runtime_unavailable` where it was asked for and does not work. */
export async function chooseIsolation(options: IsolationOptions): Promise<LocalIsolation> {
  const { sandbox: wanted, directory } = options;
  if (wanted === "none") return { kind: "none", reason: "the sandbox is switched off" };
  await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw fileError(error, directory);
  });
  const found = await tryBubblewrap(options);
  if (found.kind === "sandbox" || wanted === "auto") return found;
  throw new WsError("runtime_unavailable", {
    message: `Workspaces on this machine were asked to be sandboxed, but ${found.reason}.`,
    next: "Install bubblewrap (Debian and Ubuntu: apt-get install bubblewrap) or allow it unprivileged user namespaces.",
    data: { runtime: "local" },
  });
}

async function tryBubblewrap(options: IsolationOptions): Promise<LocalIsolation> {
  const { directory, user, programs, hidden, readable } = options;
  if (process.platform !== "linux") return { kind: "none", reason: "bubblewrap needs Linux" };
  const program = await findProgram("bwrap", programs);
  if (program === undefined) return { kind: "none", reason: "bubblewrap is not installed" };
  // What is made only later would be seen: the view is of what there is now.
  for (const path of hidden) await mkdir(path, { recursive: true, mode: 0o700 }).catch(() => undefined);
  const view = await readSystemView({ program, user, hidden, readable });
  const sandbox = createSandbox({ view, user, directory });
  const trouble = await probeSandbox(sandbox, directory);
  if (trouble === undefined) return { kind: "sandbox", sandbox };
  return { kind: "none", reason: `bubblewrap does not work here (${trouble})` };
}

/** What a person should know about the isolation, in plain words. */
export function remarksOf(isolation: LocalIsolation, user: User, directory: string): string[] {
  const shared = [
    "The network is this machine's own: processes of workspaces reach what listens on its loopback, whatever their profile.",
    "Limits of processor, memory and processes are not enforced.",
  ];
  if (isolation.kind === "none") {
    const files = `No sandbox, because ${isolation.reason}: processes of workspaces run as ${user.name} and can read and change this user's files and end this user's processes.`;
    const races =
      process.platform === "linux"
        ? []
        : ["Paths of files are checked before they are used: a link changed in between can deceive the check."];
    return [files, ...races, ...shared];
  }
  const remarks = [
    `Workspaces run as ${user.name} in bubblewrap: they see the system's programs and settings and their own directories, not this user's files, other workspaces or other processes.`,
    ...shared,
  ];
  if (user.uid === 0) {
    remarks.push(
      "The worker runs as root, and so do the workspaces, with few of root's rights. A user of its own for the worker is safer.",
    );
  }
  if (directory.startsWith("/tmp/")) {
    remarks.push(`The workspaces lie in ${directory}, which systems clear at times.`);
  }
  return remarks;
}
