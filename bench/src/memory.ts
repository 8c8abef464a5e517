import { readFileSync } from "node:fs";

/** Resident memory of a process in MB (10^6 bytes), as the kernel counts it. Linux only. */
export function residentMB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kib === undefined) throw new Error(`Process ${pid} has no resident memory.`);
  return (Number(kib) * 1_024) / 1_000_000;
}

/** CPU time that a process has used, in clock ticks (a hundredth of a second nearly everywhere). */
export function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return Number(fields[11]) + Number(fields[12]);
}
