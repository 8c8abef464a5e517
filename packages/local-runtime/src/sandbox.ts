import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { WsError, type WorkspaceId } from "@ws/workspace-core";
import { holderCommand, joinArguments, namespacePaths, type SystemView, type User } from "./bubblewrap.ts";
import type { Mount } from "./contained-path.ts";
import { entranceThrough, type Entrance, type Way } from "./entrance.ts";
import { PLACE_MARK, startHolder } from "./holder.ts";
import { makeDirectories, pathsOf, type Holder, type PlacePaths } from "./place.ts";
import { sendSignal } from "./processes.ts";
import { HOLDER_SCRIPT } from "./start-script.ts";

/** A way into one workspace's sandbox; holds descriptors until it is disposed. */
export interface SandboxEntrance extends Entrance, AsyncDisposable {}

/** Sandboxes by bubblewrap: one for each workspace, that processes join until it is ended. */
export interface Sandbox {
  /** Starts its first process; `record` is called before anything else can run there. A trial ends with this process. */
  hold(paths: PlacePaths, record: (holder: Holder) => Promise<void>, options?: { trial: boolean }): Promise<void>;
  /** `shown` is a directory of the worker's that can be read in it. */
  enter(paths: PlacePaths, mounts: readonly Mount[], holder: Holder, shown?: string): SandboxEntrance;
}

export function createSandbox(options: { view: SystemView; user: User; directory: string }): Sandbox {
  const { view, user, directory } = options;

  return {
    async hold(paths, record, { trial } = { trial: false }) {
      const { file, args } = holderCommand(view, user, HOLDER_SCRIPT);
      await startHolder({ file, args: trial ? ["--die-with-parent", ...args] : args, paths, record, sandboxed: true });
    },
    enter(paths, mounts, holder, shown) {
      const way: Way = {
        file: view.program,
        args: joinArguments(view, user, directory, mounts, shown),
        mark: [PLACE_MARK, paths.state],
        leave(text) {
          const name = `.arguments-${randomBytes(9).toString("base64url")}`;
          writeFileSync(join(paths.run, name), text, { mode: 0o600, flag: "wx" });
          return join(mounts.find(({ outside }) => outside === paths.run)?.inside ?? paths.run, name);
        },
      };
      let namespaces = openNamespaces(holder, user, paths.id);
      return {
        command: (purpose, inside) => ({
          ...entranceThrough(way, purpose, inside),
          descriptors: namespaces,
        }),
        async repair() {
          const old = namespaces;
          namespaces = openNamespaces(holder, user, paths.id);
          for (const fd of old) closeSync(fd);
        },
        async [Symbol.asyncDispose]() {
          for (const fd of namespaces) closeSync(fd);
          namespaces = [];
        },
      };
    },
  };
}

const PROBE = ".probe-";

/** Says why a sandbox does not work on this machine, by making one and running a command in it; nothing where it does. */
export async function probeSandbox(sandbox: Sandbox, directory: string): Promise<string | undefined> {
  const base = await mkdtemp(join(directory, PROBE));
  try {
    await sweepProbes(directory, base);
    const paths = pathsOf(base, "ws-probe");
    await makeDirectories(paths);
    let holder: Holder | undefined;
    try {
      const remember = async (made: Holder): Promise<void> => {
        holder = made;
      };
      await sandbox.hold(paths, remember, { trial: true });
      if (holder === undefined) return "its first process did not start";
      await using entrance = sandbox.enter(paths, [{ inside: paths.home, outside: paths.home }], holder);
      const { file, args, env, descriptors } = entrance.command("terminal", {
        cwd: paths.home,
        argv: ["/bin/sh", "-c", "echo inside > made && cat made"],
        env: { PATH: "/usr/bin:/bin" },
      });
      const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe", "ignore", ...descriptors], cwd: "/" });
      const [code, output, errors] = await outcome(child);
      return code === 0 && output.endsWith("inside\n") ? undefined : errors.trim() || `it ended with exit code ${code}`;
    } finally {
      if (holder !== undefined) sendSignal(holder.pid, "SIGKILL");
    }
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await rm(base, { recursive: true, force: true });
  }
}

/** Removes what trials left whose process was killed; younger ones may be under way. */
async function sweepProbes(directory: string, mine: string): Promise<void> {
  const { mtimeMs: now } = await stat(mine);
  for (const name of (await readdir(directory)).filter((each) => each.startsWith(PROBE))) {
    const path = join(directory, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => now - mtimeMs,
      () => 0,
    );
    if (age > 60_000) await rm(path, { recursive: true, force: true });
  }
}

/** Plain descriptors, so that letting them go is no wait. */
function openNamespaces(holder: Holder, user: User, id: WorkspaceId): number[] {
  const paths = namespacePaths(holder, user);
  const opened: number[] = [];
  try {
    if (paths === undefined) throw new Error("a process of the sandbox has ended");
    for (const path of paths) opened.push(openSync(path, "r"));
    return opened;
  } catch (error) {
    for (const fd of opened) closeSync(fd);
    throw new WsError("box_unavailable", {
      message: `The sandbox of ${id} cannot be entered.`,
      next: "Try again; if it stays so, stop and start the workspace.",
      data: { workspace: id },
      cause: error,
    });
  }
}

function outcome(child: ChildProcess): Promise<[code: number | null, output: string, errors: string]> {
  return new Promise((resolve, reject) => {
    let output = "";
    let errors = "";
    child.stdout?.on("data", (part: Buffer) => (output += part.toString()));
    child.stderr?.on("data", (part: Buffer) => (errors += part.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve([code, output, errors]));
  });
}
