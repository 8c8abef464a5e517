import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether this process is the one that its terminal's keys are for: one in the background is stopped by reading them. */
export function isForeground(pid: number = process.pid): boolean {
  try {
    return isInFront(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return /\+/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "");
  }
}

/** The process group, and the one that has the terminal; the name before them may hold anything. */
export function isInFront(stat: string): boolean {
  const [, , group, , , front] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return group !== undefined && group === front;
}
