import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { WsError } from "@ws/workspace-core";
import { fileError } from "./file-errors.ts";
import type { Holder, PlacePaths } from "./place.ts";
import { listProcesses, namespaceOf, readProcess, sendSignal } from "./processes.ts";
import { HOLDER_SCRIPT } from "./start-script.ts";

/** Carried, with the place's state directory, by every process that is in no sandbox: so `stop` finds those that left every group. */
export const PLACE_MARK = "WORKSPACE_PLACE";

/** Carried besides by the processes that do nothing but keep the place. */
export const HOLDER_MARK = "WORKSPACE_HOLDER";

/** Whether the process that was written down still runs. */
export function isHeld(holder: Holder): boolean {
  if (!existsSync("/proc/self/stat")) {
    try {
      return process.kill(holder.pid, 0);
    } catch {
      return false;
    }
  }
  return (
    readProcess(holder.pid)?.startTime === holder.startTime &&
    (holder.namespace === undefined || namespaceOf(holder.pid, "pid") === holder.namespace)
  );
}

/**
 * Whether a process is in the sandbox that this first process keeps. The kernel gives the number of a namespace away again as
 * soon as that has ended, which it does with its first process: whether that is there is looked at last.
 */
export function isInside(holder: Holder, pid: number): boolean {
  if (holder.namespace === undefined || namespaceOf(pid, "pid") !== holder.namespace) return false;
  return readProcess(holder.pid)?.startTime === holder.startTime;
}

/** Starts the first process of a place without a sandbox. */
export async function holdPlainly(paths: PlacePaths, record: (holder: Holder) => Promise<void>): Promise<void> {
  const args = ["-c", HOLDER_SCRIPT, "ws", "echo ready >&3; exec sleep 2147483 3>&-"];
  await startHolder({ file: "/bin/sh", args, paths, record, sandboxed: false });
}

/**
 * Starts the first process of a place, which outlives this one. It waits until `record` has written it down, so that none is ever
 * unknown. Throws `box_unavailable` with what it printed in the place's log.
 */
export async function startHolder(options: {
  file: string;
  args: readonly string[];
  paths: PlacePaths;
  record: (holder: Holder) => Promise<void>;
  sandboxed: boolean;
}): Promise<void> {
  const { file, args, paths, record, sandboxed } = options;
  const child = spawnHolder(file, args, paths);
  const control = child.stdio[3] as Readable & Writable;
  control.on("error", () => undefined);
  try {
    const lines = linesOf(child, control);
    if ((await lines.next()).value !== "here") throw new Error("it ended at once");
    const pid = sandboxed ? childOf(child.pid) : child.pid;
    const startTime = pid === undefined ? undefined : readProcess(pid)?.startTime;
    const namespace = pid === undefined || !sandboxed ? undefined : namespaceOf(pid, "pid");
    if (pid === undefined || (sandboxed && namespace === undefined)) throw new Error("it cannot be found");
    await record({ pid, startTime: startTime ?? "", ...(namespace === undefined ? {} : { namespace }) });
    control.write("go\n");
    if ((await lines.next()).value !== "ready") throw new Error("it did not get ready");
  } catch (error) {
    if (child.pid !== undefined) sendSignal(-child.pid, "SIGKILL");
    const said = await lastWords(paths.log);
    throw new WsError("box_unavailable", {
      message: `The first process of ${paths.id} could not be started: ${error instanceof Error ? error.message : String(error)}${said}.`,
      data: { workspace: paths.id },
      cause: error,
    });
  } finally {
    control.destroy();
    child.unref();
  }
}

function spawnHolder(file: string, args: readonly string[], paths: PlacePaths): ChildProcess {
  let log: number;
  try {
    log = openSync(paths.log, "a", 0o600);
  } catch (error) {
    throw fileError(error, paths.log);
  }
  try {
    return spawn(file, args, {
      detached: true,
      stdio: ["ignore", log, log, "pipe"],
      env: { [PLACE_MARK]: paths.state, [HOLDER_MARK]: paths.state, PATH: "/usr/bin:/bin" },
      cwd: "/",
    });
  } finally {
    closeSync(log);
  }
}

/** bwrap has one child: the first process inside. It could tell its number too, but dies where nobody is left to read that. */
function childOf(parent: number | undefined): number | undefined {
  return listProcesses().find((entry) => entry.parent === parent)?.pid;
}

async function* linesOf(child: ChildProcess, control: Readable): AsyncGenerator<string, void> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
    control.destroy();
  });
  let rest = "";
  try {
    for await (const part of control) {
      const lines = (rest + String(part)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    throw failure ?? error;
  }
  if (failure !== undefined) throw failure;
}

async function lastWords(log: string): Promise<string> {
  const text = await readFile(log, "utf8").catch(() => "");
  const line = text.trim().split("\n").at(-1)?.slice(-300) ?? "";
  return line === "" ? "" : ` (${line})`;
}
