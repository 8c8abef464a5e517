import { inTime, type ProcessSignal, WsError } from "@ws/workspace-core";

import { endCode, forgetCode } from "./end-code.ts";
import type { ProcessHost } from "./process-host.ts";

/** Where the processes of a group leave their records; the name may be any text. */
export function groupDirectory(host: ProcessHost, group: string): string {
  return `${host.groups}/${Buffer.from(group).toString("base64url") || "-"}`;
}

/** Ends whatever still runs of a group, its leaders and what they left behind. */
export async function endGroup(
  host: ProcessHost,
  group: string,
  { graceMs = 2_000, signal }: { graceMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const end = endCode({ groupDirectory: groupDirectory(host, group) }, graceMs);
  const code = await runCode(host, end, { ms: graceMs + GROUP_WITHIN_MS, unsaid: ENDED, signal });
  if (code === 0) return;
  throw new WsError("internal", {
    message: `Processes of '${group}' are still there after SIGKILL.`,
    next: "They belong to another user or wait for a device; restart the workspace.",
    data: {},
  });
}

/** Ends the group and the session of one process. Rejects where the workspace does not do it in time. */
export async function endLeader(host: ProcessHost, pid: number, graceMs: number): Promise<void> {
  await runCode(host, endCode({ leader: pid }, graceMs), { ms: graceMs + LEADER_WITHIN_MS, unsaid: ENDED });
}

/** Sends a signal to the group of one process and to no other. */
export async function signalLeader(host: ProcessHost, pid: number, signal: ProcessSignal): Promise<void> {
  const kill = `kill -s ${signal.slice(3)} -- -${pid} 2>/dev/null`;
  // What sudo started can only be signalled by root.
  await runCode(host, `${kill} || sudo -n ${kill} || :`, {
    ms: LEADER_WITHIN_MS,
    unsaid: `that its processes were sent ${signal}`,
  });
}

/** Removes a group's records where nothing of it runs; in the background, as nothing depends on it. */
export function forgetGroup(host: ProcessHost, group: string): void {
  runCode(host, forgetCode(groupDirectory(host, group)), { ms: LEADER_WITHIN_MS, unsaid: ENDED }).catch(
    () => undefined,
  );
}

/** The code needs a moment for each look at what still lives, and there may be thousands of processes to look at. */
const GROUP_WITHIN_MS = 60_000;
const LEADER_WITHIN_MS = 10_000;
const ENDED = "that its processes have ended";

/** The workspace's own shell runs it, so it may never end; what is given up goes on there if it can. */
async function runCode(
  host: ProcessHost,
  code: string,
  { ms, unsaid, signal }: { ms: number; unsaid: string; signal?: AbortSignal | undefined },
): Promise<number> {
  const late = (): WsError<"timeout"> =>
    new WsError("timeout", {
      message: `The workspace did not say in time ${unsaid}.`,
      next: "See what it is busy with, or restart it.",
      data: { afterMs: ms },
    });
  const ignore = { push: () => true, end: () => undefined };
  const starting = host.start(code, { stdout: ignore, stderr: ignore });
  const running = starting.then(async (raw) => {
    raw.endInput();
    return (await raw.exit).code;
  });
  return inTime(host.clock, { ms, signal, late }, () => running).catch((error: unknown) => {
    starting.then((raw) => raw.release()).catch(() => undefined);
    throw error;
  });
}
