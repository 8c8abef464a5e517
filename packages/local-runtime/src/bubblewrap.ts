import { constants } from "node:fs";
import { access, lstat, readdir, readlink, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Mount } from "./contained-path.ts";
import { isInside } from "./holder.ts";
import type { Holder } from "./place.ts";
import { listProcesses, namespaceOf } from "./processes.ts";

/** The user that the worker runs as. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** What of this machine a sandbox shows, as arguments of bwrap. The same for every workspace. */
export interface SystemView {
  readonly program: string;
  /** Enough to run a shell and bwrap in, and nothing else. */
  readonly bare: readonly string[];
  /** What workspaces see. */
  readonly full: readonly string[];
}

const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/sys"];
const BARE = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix"];
// Parts of /var that programs need to find certificates, packages and fonts.
const SHARED = ["/var/lib/ca-certificates", "/var/lib/dpkg", "/var/cache/fontconfig"];
// What archives unpacked by root expect; none of them reaches beyond the workspace's own directories.
const ROOT_CAPABILITIES = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID"];

/** The program, or nothing where it is not installed. */
export async function findProgram(name: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(":")) {
    const file = join(directory, name);
    const usable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (directory.startsWith("/") && usable) return file;
  }
  return undefined;
}

/** Reads what there is on this machine. `hidden` are directories that no workspace may see, wherever they lie. */
export async function readSystemView(what: {
  program: string;
  user: User;
  hidden: readonly string[];
  readable: readonly string[];
}): Promise<SystemView> {
  const { program, user, hidden, readable } = what;
  const shown = await Promise.all([...SYSTEM, ...SHARED].map(showDirectory));
  return {
    program,
    bare: [
      ...(await Promise.all(BARE.map(showDirectory))).flat(),
      "--ro-bind-try",
      program,
      program,
      ...options("--dir /tmp --dev-bind /dev/null /dev/null"),
      // Root's processes may look through the eyes of the first one, which must see nothing that theirs do not.
      ...(user.uid === 0 ? [] : ["--proc", "/proc"]),
    ],
    full: [
      ...options("--tmpfs /run --tmpfs /var --symlink ../run /var/run --symlink ../tmp /var/tmp"),
      ...shown.flat(),
      ...(await nameService()),
      ...(await hide([...hidden, user.home], user)),
      ...(user.uid === 0 ? [...(await coverKernel()), ...(await coverPrivate("/etc"))] : []),
      ...readable.flatMap((path) => ["--ro-bind-try", path, path]),
    ],
  };
}

/** Starts what keeps the namespaces of one workspace's sandbox. */
export function holderCommand(view: SystemView, user: User, script: string): { file: string; args: string[] } {
  const kept = "sleep 2147483";
  const { uid, gid } = user;
  if (uid === 0) {
    const args = ["--unshare-pid", "--as-pid-1", "--cap-drop", "ALL", ...view.bare];
    return { file: view.program, args: [...args, "/bin/sh", "-c", script, "ws", `echo ready >&3; exec ${kept} 3>&-`] };
  }
  // Terminals need user 0 in the outer namespace, and people need their own number in the inner one.
  // CAP_SETFCAP lets the first process map user 0 once more; it is valid in its own namespace only.
  const inner = `exec ${view.program} --unshare-user --uid ${uid} --gid ${gid} --ro-bind / / /bin/sh -c 'echo ready >&3; exec ${kept} 3>&-'`;
  const outer = ["--unshare-user", "--uid", "0", "--gid", "0", "--cap-add", "CAP_SETFCAP"];
  const args = [...outer, "--unshare-pid", "--as-pid-1", ...view.bare];
  return { file: view.program, args: [...args, "/bin/sh", "-c", script, "ws", inner] };
}

/** Arguments that join the namespaces on descriptors 4 and following, up to the program to run. */
export function joinArguments(
  view: SystemView,
  user: User,
  directory: string,
  mounts: readonly Mount[],
  shown?: string,
): string[] {
  const namespaces =
    user.uid === 0
      ? ["--pidns", "4", "--cap-drop", "ALL", ...ROOT_CAPABILITIES.flatMap((name) => ["--cap-add", name])]
      : ["--userns", "4", "--userns2", "5", "--pidns", "6"];
  const binds = (which: (inside: string) => boolean): string[] =>
    mounts.filter(({ inside }) => which(inside)).flatMap(({ inside, outside }) => ["--bind", outside, inside]);
  const below = (inside: string): boolean => inside.startsWith(`${directory}/`);
  return [
    ...namespaces,
    ...options("--unshare-ipc --proc /proc --dev /dev"),
    ...view.full,
    ...binds((inside) => !below(inside)),
    // Other workspaces lie beside this one, perhaps in a directory of the system's that is shown.
    "--tmpfs",
    directory,
    ...binds(below),
    ...(shown === undefined ? [] : ["--ro-bind-try", shown, shown]),
    "--",
  ];
}

/** The processes whose namespaces are joined, in the order of the descriptors; nothing where they are not all there. */
export function namespacePaths(holder: Holder, user: User): string[] | undefined {
  const first = `/proc/${holder.pid}/ns`;
  if (user.uid === 0) return [`${first}/pid`];
  const inner = innerProcess(holder);
  return inner === undefined ? undefined : [`${first}/user`, `/proc/${inner}/ns/user`, `${first}/pid`];
}

/** The one child, of a process in the outer user namespace, that is in the inner one: nothing of the user's can be. */
function innerProcess(holder: Holder): number | undefined {
  const outer = namespaceOf(holder.pid, "user");
  const inside = listProcesses().filter(({ pid }) => isInside(holder, pid));
  const starters = new Set(
    inside.filter(({ pid }) => pid !== holder.pid && namespaceOf(pid, "user") === outer).map(({ pid }) => pid),
  );
  return inside.find(({ pid, parent }) => starters.has(parent) && namespaceOf(pid, "user") !== outer)?.pid;
}

async function showDirectory(path: string): Promise<string[]> {
  const entry = await lstat(path).catch(() => undefined);
  if (entry === undefined) return [];
  if (entry.isSymbolicLink()) return ["--symlink", await readlink(path), path];
  return ["--ro-bind", path, path];
}

/** Where the resolver's file is a link into a directory that is not shown. */
async function nameService(): Promise<string[]> {
  const file = await realpath("/etc/resolv.conf").catch(() => undefined);
  return file === undefined || file.startsWith("/etc/") ? [] : ["--ro-bind", file, file];
}

/** Directories that a shown one would show too. */
async function hide(paths: readonly string[], user: User): Promise<string[]> {
  const args: string[] = [];
  for (const path of new Set(paths)) {
    const real = await realpath(path).catch(() => path);
    if (!SYSTEM.some((shown) => real.startsWith(`${shown}/`))) continue;
    // The home of a system user may be /usr/sbin: only what is the user's own is private.
    const owner = await stat(real).then(
      ({ uid }) => uid,
      () => undefined,
    );
    if (owner === user.uid && (user.uid !== 0 || path !== user.home)) args.push("--tmpfs", real);
  }
  return args;
}

/** For root: the kernel's own settings and memory, which belong to root and so need no capability. bwrap trusts that it is not root. */
async function coverKernel(): Promise<string[]> {
  const closed = ["sys", "fs", "driver", "sysrq-trigger", "mtrr"].map((name) => ["--ro-bind-try", `/proc/${name}`]);
  const masked = ["kcore", "keys", "kmsg", "kpagecount", "kpageflags", "kpagecgroup", "timer_list", "acpi", "scsi"];
  const covers = await Promise.all(
    masked.map(async (name) => {
      const path = `/proc/${name}`;
      const entry = await lstat(path).catch(() => undefined);
      if (entry === undefined) return [];
      return entry.isDirectory() ? ["--tmpfs", path] : ["--ro-bind", "/dev/null", path];
    }),
  );
  return [...closed.flatMap(([option = "", path = ""]) => [option, path, path]), ...covers.flat()];
}

/** For root: what other users may not read stays out of sight, because root's ownership opens it without any capability. */
async function coverPrivate(directory: string): Promise<string[]> {
  const args: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    const mode = await lstat(path).then(
      (found) => found.mode,
      () => 0o777,
    );
    if (entry.isDirectory()) {
      if ((mode & 0o005) === 0o005) args.push(...(await coverPrivate(path)));
      else args.push("--tmpfs", path);
    } else if (entry.isFile() && (mode & 0o004) === 0) args.push("--ro-bind", "/dev/null", path);
  }
  return args;
}

/** Fixed arguments, as one writes them. */
function options(text: string): string[] {
  return text.split(" ");
}
