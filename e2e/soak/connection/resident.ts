import { readFileSync } from "node:fs";

/** What a process has in memory now, and the most it ever had. */
export function residentMiB(pid: number): { now: number; most: number } {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (field: string): number =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1_024);
  return { now: of("VmRSS"), most: of("VmHWM") };
}
