import type { WorkspaceInfo, WorkspaceUsage } from "@ws/rpc-contract";
import { counted } from "./counted.ts";
import { oneLine } from "./printable.ts";

/** One workspace in one line: `demo  running  acme/app (main)  docker`. */
export function describeWorkspace(workspace: WorkspaceInfo): string {
  const { name, status, repo, branch, runtime } = workspace;
  const parts = [name, statusText(workspace)];
  if (repo !== undefined) parts.push(`${shortRepository(repo)}${branch === undefined ? "" : ` (${branch})`}`);
  parts.push(runtime);
  return oneLine(status === "error" ? parts.slice(0, 2).join("  ") : parts.join("  "));
}

/** The status, and what is being done to it or why it is so. */
export function statusText({ status, operation, failure, stopReason, startup }: WorkspaceInfo): string {
  if (status === "creating") {
    const step = startup.steps.find((candidate) => candidate.status === "running");
    return step === undefined ? status : `${status} (${step.id})`;
  }
  // What a failed create could not take back waits for its engine; why it failed is what matters until then.
  if (operation !== undefined && !(status === "error" && operation === "create")) return `${status} (${operation} …)`;
  if (status === "error" && failure !== undefined) return `error (${failure.code})`;
  return stopReason === undefined ? status : `${status} (${stopReason})`;
}

/** `owner/name` of a clone URL. */
export function shortRepository(url: string): string {
  return (
    url
      .replace(/\.git$/, "")
      .split(/[/:]/)
      .filter((part) => part !== "")
      .slice(-2)
      .join("/") || url
  );
}

/** How long ago, in the largest whole unit. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - Date.parse(iso)) / 1000));
  const [count, unit] =
    seconds < 60
      ? [seconds, "s"]
      : seconds < 3_600
        ? [Math.floor(seconds / 60), "min"]
        : seconds < 86_400
          ? [Math.floor(seconds / 3_600), "h"]
          : [Math.floor(seconds / 86_400), "d"];
  return seconds < 5 ? "now" : `${count} ${unit} ago`;
}

/** Bytes in the largest unit that leaves a number of three digits at most. */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

/** Of a processor, with one decimal below ten. */
export function percentText(percent: number | undefined): string {
  return percent === undefined ? "-" : `${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/** What a workspace uses now, in one line; empty where nothing of it can be told. */
export function usageText({ cpuPercent, memoryBytes, memoryLimitBytes, processes }: WorkspaceUsage): string {
  const limit = memoryLimitBytes === undefined ? "" : ` of ${bytesText(memoryLimitBytes)}`;
  const parts = [
    ...(cpuPercent === undefined ? [] : [`${percentText(cpuPercent)} of a CPU`]),
    ...(memoryBytes === undefined ? [] : [`${bytesText(memoryBytes)}${limit}`]),
    // Each thread counts as one.
    ...(processes === undefined ? [] : [counted(processes, "thread")]),
  ];
  return parts.join(", ");
}
