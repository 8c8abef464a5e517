import type { RuntimeStatus } from "@ws/workspace-core";
import { fine, type Finding } from "./finding.ts";

/** What is known of the versions of one of the engine's parts. */
export function checkPart(status: RuntimeStatus | undefined, part: string): Finding | undefined {
  const { runtime, parts = {}, flaws = [] } = status ?? {};
  const version = parts[part];
  if (runtime !== "docker" || version === undefined) return undefined;
  const flaw = flaws.find((each) => each.part === part);
  if (flaw === undefined) return fine(`No hole is known in ${part} ${version}.`);
  const { kind, message, next } = flaw;
  return { status: kind === "escape" ? "fail" : "warn", message, next };
}

/** Whether what limits a workspace is kept. */
export function checkCgroups(status: RuntimeStatus | undefined): Finding | undefined {
  const { runtime, cgroups } = status ?? {};
  if (runtime !== "docker" || cgroups === undefined) return undefined;
  const { version, missing } = cgroups;
  if (missing.length === 0) return fine(`Version ${version}; memory, swap, processes and CPU are limited.`);
  return {
    status: "warn",
    message: `Version ${version}; this kernel does not limit: ${missing.join(", ")}.`,
    next:
      missing.join() === "swap"
        ? "Boot with 'swapaccount=1', or without swap."
        : "Boot with 'cgroup_enable=memory swapaccount=1', or with control groups of version 2.",
  };
}
