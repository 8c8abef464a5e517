import { setTimeout as delay } from "node:timers/promises";
import { cpuTicks } from "../memory.ts";

const QUIET_MS = 500;
const PATIENCE_MS = 30_000;

/** Waits until a process has used next to no CPU for half a second: what it does after its start is over. */
export async function settled(pid: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let before = cpuTicks(pid);
  while (performance.now() < deadline) {
    await delay(QUIET_MS, undefined, { signal });
    const now = cpuTicks(pid);
    if (now - before <= 1) return;
    before = now;
  }
  throw new Error(`Process ${pid} is still busy after ${PATIENCE_MS / 1_000} s.`);
}
