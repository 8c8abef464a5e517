import type { RuntimeStatus } from "@ws/workspace-core";
import type Docker from "dockerode";

import type { Engine } from "./engine.ts";
import type { Firewall } from "./firewall.ts";

/** The engine's version and what a person should know about how well it isolates. */
export async function runtimeStatus(
  engine: Engine,
  firewall: Firewall["place"],
  signal?: AbortSignal,
): Promise<RuntimeStatus> {
  const [version, info] = await Promise.all([
    engine.call((docker) => docker.version(), signal),
    engine.call((docker) => docker.info() as Promise<EngineInfo>, signal),
  ]);
  return {
    runtime: "docker",
    isolation: "container",
    version: version.Version,
    // Over TCP the engine is another machine's, or may be.
    ...(info.DockerRootDir !== undefined && engine.address.startsWith("/") && { dataDirectory: info.DockerRootDir }),
    ...(info.NCPU !== undefined && { cpus: info.NCPU }),
    remarks: [...remarks(info, runcVersion(version)), ...(firewall === "container" ? [CONTAINER_FIREWALL] : [])],
  };
}

export interface EngineInfo {
  DockerRootDir?: string;
  NCPU?: number;
  OperatingSystem?: string;
  SecurityOptions?: string[];
  MemoryLimit?: boolean;
  SwapLimit?: boolean;
  PidsLimit?: boolean;
  CPUCfsQuota?: boolean;
  CpuCfsQuota?: boolean;
}

/** Exported for its table of cases. */
export function remarks(info: EngineInfo, runc: string | undefined): string[] {
  const flaws = RUNC_FLAWS.filter(({ fixed }) => runc !== undefined && isOlder(runc, fixed));
  return [
    ...(flaws.length > 0
      ? [
          `Unless your distribution repaired it in its own version, a container can break out of runc ${runc} (${flaws.map(({ cve }) => cve).join(", ")}).`,
        ]
      : []),
    ...(info.SecurityOptions?.some((option) => option.includes("name=seccomp")) === false
      ? ["The engine runs without seccomp: containers can make every system call."]
      : []),
    ...(info.MemoryLimit === false ? ["This kernel does not enforce memory limits."] : []),
    ...(info.MemoryLimit !== false && info.SwapLimit === false
      ? ["This kernel does not limit swap: a workspace can use more memory than its limit."]
      : []),
    ...(info.PidsLimit === false
      ? ["This kernel does not limit processes: a fork bomb reaches the whole machine."]
      : []),
  ];
}

const CONTAINER_FIREWALL =
  "The agent cannot use this machine's firewall, so each workspace's network is closed from inside, right after its start.";

/** The first repaired version of each series that was repaired. */
const RUNC_FLAWS = [
  { cve: "CVE-2024-21626", fixed: ["1.1.12"] },
  { cve: "CVE-2025-31133, CVE-2025-52565, CVE-2025-52881", fixed: ["1.2.8", "1.3.3", "1.4.0"] },
];

function runcVersion(version: Docker.DockerVersion): string | undefined {
  const components = (version as { Components?: { Name: string; Version: string }[] | null }).Components ?? [];
  return components.find((component) => component.Name === "runc")?.Version;
}

/** Whether a version lies below the repair of its own series, or below all repaired series. */
function isOlder(version: string, fixed: readonly string[]): boolean {
  const own = numbers(version);
  const sameSeries = fixed.map(numbers).find((repair) => repair[0] === own[0] && repair[1] === own[1]);
  return compare(own, sameSeries ?? numbers(fixed[0] ?? "0")) < 0;
}

function numbers(version: string): number[] {
  return (/^\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((index) => (a[index] ?? 0) !== (b[index] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
