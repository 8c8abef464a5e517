import type { RuntimeStatus } from "@ws/workspace-core";

export interface BannerOptions {
  address: string;
  link: string;
  runtime: RuntimeStatus & { available: boolean };
  /** How the command line is called from here: `ws`, or `./ws` in the repository. */
  command: string;
}

/** What a person reads once the agent is up: where it is, how safe it is, and what to type next. */
export function banner({ address, link, runtime, command }: BannerOptions): string {
  return [
    "",
    `  Agent running at ${address}`,
    `  Workspaces run   ${describe(runtime)}`,
    ...notes(runtime, command).map((note) => `                   ${note}`),
    "",
    `  Dashboard (this link works once, for five minutes):`,
    `    ${link}`,
    "",
    "  Next, in another terminal:",
    `    ${command} start demo --clone https://github.com/OWNER/REPOSITORY`,
    `    ${command} shell demo`,
    "",
    "",
  ].join("\n");
}

function describe({ runtime, version, isolation, available }: BannerOptions["runtime"]): string {
  if (!available) return "in Docker containers, but the engine does not answer now: start it to create workspaces";
  if (runtime === "docker") return `in containers (Docker ${version})`;
  if (isolation === "sandbox") return "in bubblewrap sandboxes on this machine: NOT in containers";
  return "DIRECTLY on this machine, WITHOUT isolation: what runs in them can do whatever you can";
}

/** Where the isolation is weak its reasons belong here; what else is known of an engine is the doctor's. */
function notes({ runtime, remarks }: RuntimeStatus, command: string): readonly string[] {
  if (runtime === "local" || remarks.length === 0) return remarks;
  return [`(${remarks.length === 1 ? "one remark" : `${remarks.length} remarks`}: ${command} doctor)`];
}
