import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { nothingUnlessCrowded } from "./file-errors.ts";

/** One process of this machine, as /proc shows it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Whether it has a controlling terminal. */
  readonly onTerminal: boolean;
  /** In clock ticks since boot. */
  readonly startTime: string;
  /** Processor time, in clock ticks: its own, and that of processes it began which ended and were waited for. */
  readonly ticks: { readonly own: number; readonly waited: number };
  readonly threads: number;
}

/** Every process that has not ended; empty where there is no /proc. Throws where no more files can be opened: then nobody knows. */
export function listProcesses(): ProcessEntry[] {
  return listWithZombies().filter(({ isZombie }) => !isZombie);
}

/** The same with those that have ended and were not waited for yet. */
export function listWithZombies(): (ProcessEntry & { readonly isZombie: boolean })[] {
  const pids = namesIn("/proc").map(Number).filter(Number.isInteger);
  return pids.map(readEntry).filter((entry) => entry !== undefined);
}

/** Nothing where it has ended, a zombie included. */
export function readProcess(pid: number): ProcessEntry | undefined {
  const entry = readEntry(pid);
  return entry?.isZombie === true ? undefined : entry;
}

function readEntry(pid: number): (ProcessEntry & { readonly isZombie: boolean }) | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses and may hold anything, parentheses included.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group, session, terminal] = fields;
  if (state === undefined || state === "X") return undefined;
  const number = (at: number): number => Number(fields[at] ?? 0);
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    onTerminal: terminal !== "0",
    startTime: fields[19] ?? "",
    ticks: { own: number(11) + number(12), waited: number(13) + number(14) },
    threads: number(17),
    isZombie: state === "Z",
  };
}

/** Memory that it has for itself, without programs and files that others share, in bytes; nothing where it has ended. */
export function ownMemory(pid: number): number | undefined {
  const found = /^RssAnon:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`) ?? "");
  return found === null ? undefined : Number(found[1]) * 1_024;
}

/** What /proc calls a namespace of a process, as `pid:[4026531836]`; nothing where it has ended or is somebody else's. */
export function namespaceOf(pid: number, kind: "pid" | "user"): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return undefined;
  }
}

/** Whether a process was started with this variable. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  const text = readText(`/proc/${pid}/environ`);
  return text !== undefined && `\0${text}`.includes(`\0${name}=${value}\0`);
}

/** All variables that a process was started with, as `NAME=value`; none where it has ended or is somebody else's. */
export function variablesOf(pid: number): string[] {
  return readText(`/proc/${pid}/environ`)?.split("\0") ?? [];
}

/** Sends a signal; a process or group (a negative number) that is gone is success. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM"))) throw error;
  }
}

/** Whether anything of a process group is left, zombies included. */
export function groupExists(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    return nothingUnlessCrowded(error) ?? [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    return nothingUnlessCrowded(error);
  }
}
