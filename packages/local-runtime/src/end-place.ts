import type { Clock } from "@ws/workspace-core";
import type { Groups } from "./groups.ts";
import { HOLDER_MARK, isInside, PLACE_MARK } from "./holder.ts";
import type { Holder, PlacePaths } from "./place.ts";
import { hasVariable, listProcesses, readProcess, sendSignal, type ProcessEntry } from "./processes.ts";

const POLL_MS = 25;
const GIVE_UP_MS = 5_000;
const PATIENCE = 10;

interface Found {
  /** What does the workspace's work. */
  working: ProcessEntry[];
  /** What keeps the place. */
  keeping: number[];
  /** What waits outside for a process in the sandbox. */
  leading: number[];
}

/**
 * Ends every process of a place: those in its sandbox, those that carry its mark, those of its groups. SIGTERM first, SIGHUP to what sits on a
 * terminal, because shells take only that, SIGKILL after the grace; its first process goes last. False where one is still there.
 */
export async function endPlace(options: {
  paths: PlacePaths;
  holder: Holder | undefined;
  groups: Groups;
  graceMs: number;
  clock: Clock;
  signal?: AbortSignal;
}): Promise<boolean> {
  const { paths, holder, groups, graceMs, clock, signal } = options;

  function find(): Found {
    const spared = new Set(ancestors());
    const grouped = new Set(groups.members());
    const found: Found = { working: [], keeping: [], leading: [] };
    for (const entry of listProcesses()) {
      const { pid } = entry;
      if (spared.has(pid)) continue;
      const inside = holder !== undefined && isInside(holder, pid);
      if (!inside && !grouped.has(pid) && !hasVariable(pid, PLACE_MARK, paths.state)) continue;
      if (pid === holder?.pid || hasVariable(pid, HOLDER_MARK, paths.state)) found.keeping.push(pid);
      else if (inside || holder?.namespace === undefined) found.working.push(entry);
      else found.leading.push(pid);
    }
    return found;
  }

  const asked = clock.monotonic();
  let found = find();
  for (const { pid, onTerminal } of found.working) {
    sendSignal(pid, "SIGTERM");
    if (onTerminal) sendSignal(pid, "SIGHUP");
    sendSignal(pid, "SIGCONT");
  }
  while (found.working.length > 0 && clock.monotonic() - asked < graceMs) {
    await clock.sleep(POLL_MS, signal);
    found = find();
  }
  let rounds = 0;
  for (const began = clock.monotonic(); Object.values(found).some((some) => some.length > 0); found = find()) {
    if (clock.monotonic() - began > GIVE_UP_MS) return false;
    const pids = [...found.working.map((entry) => entry.pid), ...found.keeping];
    // What leads inside waits for what it led there and ends with it. Killed first, it would leave that to a process 1 that may not care.
    rounds += 1;
    for (const pid of rounds > PATIENCE ? [...pids, ...found.leading] : pids) sendSignal(pid, "SIGKILL");
    await clock.sleep(POLL_MS, signal);
  }
  // Where there is no /proc, only what was written down is known.
  for (const pid of groups.members()) sendSignal(pid, "SIGKILL");
  if (holder !== undefined && readProcess(process.pid) === undefined) sendSignal(-holder.pid, "SIGKILL");
  return true;
}

/** This process and what it runs in: a worker may itself live in a workspace. */
function ancestors(): number[] {
  const chain: number[] = [];
  for (let pid = process.pid; pid > 0 && !chain.includes(pid); pid = readProcess(pid)?.parent ?? 0) chain.push(pid);
  return chain;
}
