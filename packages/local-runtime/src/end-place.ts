import type { Clock } from "@ws/workspace-core";
import type { Groups } from "./groups.ts";
import { HOLDER_MARK, PLACE_MARK } from "./holder.ts";
import type { Holder, PlacePaths } from "./place.ts";
import { hasVariable, listProcesses, namespaceOf, readProcess, sendSignal, type ProcessEntry } from "./processes.ts";

const POLL_MS = 25;
const GIVE_UP_MS = 5_000;

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

  function find(): { working: ProcessEntry[]; keeping: number[] } {
    const spared = new Set(ancestors());
    const grouped = new Set(groups.members());
    const working: ProcessEntry[] = [];
    const keeping: number[] = [];
    for (const entry of listProcesses()) {
      const { pid } = entry;
      if (spared.has(pid)) continue;
      const inside = holder?.namespace !== undefined && namespaceOf(pid, "pid") === holder.namespace;
      if (!inside && !grouped.has(pid) && !hasVariable(pid, PLACE_MARK, paths.state)) continue;
      if (pid === holder?.pid || hasVariable(pid, HOLDER_MARK, paths.state)) keeping.push(pid);
      else working.push(entry);
    }
    return { working, keeping };
  }

  const asked = clock.monotonic();
  let { working, keeping } = find();
  for (const { pid, onTerminal } of working) {
    sendSignal(pid, "SIGTERM");
    if (onTerminal) sendSignal(pid, "SIGHUP");
    sendSignal(pid, "SIGCONT");
  }
  while (working.length > 0 && clock.monotonic() - asked < graceMs) {
    await clock.sleep(POLL_MS, signal);
    ({ working, keeping } = find());
  }
  for (const began = clock.monotonic(); working.length + keeping.length > 0; { working, keeping } = find()) {
    if (clock.monotonic() - began > GIVE_UP_MS) return false;
    for (const pid of [...working.map((entry) => entry.pid), ...keeping]) sendSignal(pid, "SIGKILL");
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
