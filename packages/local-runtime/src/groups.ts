import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@ws/workspace-core";
import { fileError, nothingUnlessCrowded } from "./file-errors.ts";
import { isInside, PLACE_MARK } from "./holder.ts";
import type { Holder } from "./place.ts";
import { groupExists, hasVariable, listProcesses, readProcess, sendSignal, type ProcessEntry } from "./processes.ts";

/** One process group and session that was started in a workspace: the number of its first process, and when that began. */
interface Entry {
  readonly pid: number;
  readonly startTime: string;
  readonly file: string;
}

/** The process groups of one workspace, written down so that a later agent finds them. */
export interface Groups {
  /** Called before the command may run; `name` may be anything. */
  add(name: string | undefined, pid: number): { release(): void };
  /** The processes of the groups with this name, or of all, zombies left out. */
  members(name?: string): number[];
  /** SIGTERM to the groups with this name, then SIGKILL to what is left after the grace. */
  end(name: string, grace: Grace): Promise<void>;
}

/** How long processes have between SIGTERM and SIGKILL. */
export interface Grace {
  readonly graceMs: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  /** Whether a process is in the sandbox, where there is one. */
  readonly isInside?: IsInside | undefined;
}

export type IsInside = (pid: number) => boolean;

const PATIENCE = 5;
const POLL_MS = 20;
const GIVE_UP_MS = 5_000;

/** `belongs` says whether a process is one of the workspace's, for groups whose first process has ended. */
export function createGroups(directory: string, belongs: (pid: number) => boolean): Groups {
  function entriesIn(folder: string): Entry[] {
    return names(join(directory, folder)).flatMap((name) => {
      const [pid, startTime] = name.split(".");
      return Number(pid) > 1
        ? [{ pid: Number(pid), startTime: startTime ?? "", file: join(directory, folder, name) }]
        : [];
    });
  }

  function members(name?: string): number[] {
    const entries = (name === undefined ? names(directory) : [folderOf(name)]).flatMap(entriesIn);
    if (entries.length === 0) return [];
    const processes = listProcesses();
    return entries.flatMap((entry) => {
      const found = membersOf(entry.pid, processes);
      const first = found.find(({ pid }) => pid === entry.pid);
      const isOurs = first === undefined ? found.some(({ pid }) => belongs(pid)) : first.startTime === entry.startTime;
      if (isOurs) return found.map(({ pid }) => pid);
      // Without /proc a number that was given again cannot be told from the old one.
      if (processes.length === 0 && groupExists(entry.pid)) return [-entry.pid];
      rmSync(entry.file, { force: true });
      return [];
    });
  }

  return {
    members,
    add(name, pid) {
      const folder = join(directory, folderOf(name));
      const file = join(folder, `${pid}.${readProcess(pid)?.startTime ?? ""}`);
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(file, "", { mode: 0o600 });
      } catch (error) {
        throw fileError(error, file);
      }
      return {
        release() {
          // Its first process may have left others behind, which must stay findable.
          if (!groupExists(pid)) rmSync(file, { force: true });
        },
      };
    },
    end: (name, grace) => endProcesses(() => members(name), grace),
  };
}

/** Ends the group and the session of one process. */
export async function endGroupOf(leader: number, grace: Grace): Promise<void> {
  await endProcesses(() => {
    if (!existsSync("/proc/self/stat")) return groupExists(leader) ? [-leader] : [];
    return membersOf(leader, listProcesses()).map(({ pid }) => pid);
  }, grace);
}

/** Sends a signal to the group of one process and to no other. What leads into a sandbox is spared here too. */
export function signalGroupOf(leader: number, signal: NodeJS.Signals, inside: IsInside | undefined): void {
  if (inside === undefined) return sendSignal(-leader, signal);
  for (const { pid, group } of listProcesses()) {
    if (group === leader && inside(pid)) sendSignal(pid, signal);
  }
}

/**
 * What leads into a sandbox is spared: it ends with what it led in, and with its exit code. Only where nothing is left inside, and it
 * stays all the same, is it killed.
 */
async function endProcesses(left: () => number[], grace: Grace): Promise<void> {
  const { graceMs, clock, signal, isInside: within } = grace;
  const asked = clock.monotonic();
  const told = new Set<number>();
  let alone = 0;
  for (let pids = left(); pids.length > 0; pids = left()) {
    const waited = clock.monotonic() - asked;
    // A process that waits for a device ends when the device answers, if at all.
    if (waited > graceMs + GIVE_UP_MS) return;
    const inside = within === undefined ? pids : pids.filter(within);
    alone = inside.length === 0 ? alone + 1 : 0;
    if (waited >= graceMs) for (const pid of inside) sendSignal(pid, "SIGKILL");
    // Those that were started meanwhile are told too, each once.
    else
      for (const pid of inside.filter((each) => !told.has(each))) {
        told.add(pid);
        sendSignal(pid, "SIGTERM");
      }
    if (alone > PATIENCE) for (const pid of pids) sendSignal(pid, "SIGKILL");
    await clock.sleep(POLL_MS, signal);
  }
}

function membersOf(leader: number, processes: readonly ProcessEntry[]): ProcessEntry[] {
  return processes.filter(({ group, session }) => group === leader || session === leader);
}

/** Whether a process was started for the workspace whose state lies there, or is in its sandbox. */
export function belongsTo(state: string, holder: Holder | undefined): (pid: number) => boolean {
  return (pid) => (holder !== undefined && isInside(holder, pid)) || hasVariable(pid, PLACE_MARK, state);
}

function folderOf(name: string | undefined): string {
  // A name may be anything, a folder's may not.
  return name === undefined ? "unnamed" : createHash("sha256").update(name).digest("hex").slice(0, 32);
}

function names(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    return nothingUnlessCrowded(error) ?? [];
  }
}
