import { type ProcessSignal, WsError } from "@ws/workspace-core";

import { endCode, forgetCode } from "./end-code.ts";
import type { ProcessHost } from "./process-host.ts";

/** Where the processes of a group leave their records; the name may be any text. */
export function groupDirectory(host: ProcessHost, group: string): string {
  return `${host.groups}/${Buffer.from(group).toString("base64url") || "-"}`;
}

/** Ends whatever still runs of a group, its leaders and what they left behind. */
export async function endGroup(host: ProcessHost, group: string, graceMs = 2_000): Promise<void> {
  const code = await runCode(host, endCode({ groupDirectory: groupDirectory(host, group) }, graceMs));
  if (code === 0) return;
  throw new WsError("internal", {
    message: `Processes of '${group}' are still there after SIGKILL.`,
    next: "They belong to another user or wait for a device; restart the workspace.",
    data: {},
  });
}

/** Ends the group and the session of one process. */
export async function endLeader(host: ProcessHost, pid: number, graceMs: number): Promise<void> {
  await runCode(host, endCode({ leader: pid }, graceMs));
}

/** Sends a signal to the group of one process and to no other. */
export async function signalLeader(host: ProcessHost, pid: number, signal: ProcessSignal): Promise<void> {
  const kill = `kill -s ${signal.slice(3)} -- -${pid} 2>/dev/null`;
  // What sudo started can only be signalled by root.
  await runCode(host, `${kill} || sudo -n ${kill} || :`);
}

/** Removes a group's records where nothing of it runs; in the background, as nothing depends on it. */
export function forgetGroup(host: ProcessHost, group: string): void {
  runCode(host, forgetCode(groupDirectory(host, group))).catch(() => undefined);
}

async function runCode(host: ProcessHost, code: string): Promise<number> {
  const ignore = { push: () => true, end: () => undefined };
  const raw = await host.start(code, { stdout: ignore, stderr: ignore });
  raw.endInput();
  const { code: exit } = await raw.exit;
  return exit;
}
