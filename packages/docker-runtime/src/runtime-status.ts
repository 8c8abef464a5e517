import { release } from "node:os";
import type { RuntimeStatus } from "@ws/workspace-core";
import type Docker from "dockerode";

import type { Engine } from "./engine.ts";
import { flawsOf, revisionOf, type Component, type Repairs } from "./flaws.ts";
import type { Firewall } from "./firewall.ts";
import { readRepairs } from "./repairs.ts";

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
  const components = componentsOf(version);
  // Over TCP the engine is another machine's, or may be, and so are its packages.
  const isLocal = engine.address.startsWith("/");
  const repairs: Repairs = isLocal ? readRepairs : async () => undefined;
  const flaws = await flawsOf({ engine: components.get("Engine"), runc: components.get("runc") }, repairs);
  const time = isLocal ? otherClock(info, release()) : otherClock(info);
  return {
    runtime: "docker",
    isolation: "container",
    version: version.Version,
    ...(info.DockerRootDir !== undefined && isLocal && { dataDirectory: info.DockerRootDir }),
    ...(info.NCPU !== undefined && { cpus: info.NCPU }),
    parts: Object.fromEntries(
      [...components].map(([name, part]) => [partName(name), revisionOf(part) ?? part.version]),
    ),
    flaws,
    ...(time !== undefined && { time }),
    ...(info.CgroupVersion !== undefined && { cgroups: { version: info.CgroupVersion, missing: missingLimits(info) } }),
    remarks: [
      ...flaws.map(({ message }) => message),
      ...remarks(info),
      ...(firewall === "container" ? [CONTAINER_FIREWALL] : []),
    ],
  };
}

export interface EngineInfo {
  DockerRootDir?: string;
  NCPU?: number;
  MemTotal?: number;
  OperatingSystem?: string;
  SystemTime?: string;
  KernelVersion?: string;
  CgroupVersion?: string;
  SecurityOptions?: string[];
  MemoryLimit?: boolean;
  SwapLimit?: boolean;
  PidsLimit?: boolean;
  CPUCfsQuota?: boolean;
  CpuCfsQuota?: boolean;
}

/**
 * What the engine's clock says, in milliseconds since the epoch, unless it is this machine's own: behind a socket with the very kernel that runs here it
 * is, with another, as in a virtual machine, it is not.
 */
export function otherClock({ SystemTime, KernelVersion }: EngineInfo, kernel?: string): number | undefined {
  const time = Date.parse(SystemTime ?? "");
  return Number.isFinite(time) && (kernel === undefined || KernelVersion !== kernel) ? time : undefined;
}

/** Exported for its table of cases. */
export function remarks(info: EngineInfo): string[] {
  return [
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

type Limit = NonNullable<RuntimeStatus["cgroups"]>["missing"][number];

function missingLimits(info: EngineInfo): Limit[] {
  const kept: Record<Limit, boolean> = {
    memory: info.MemoryLimit !== false,
    swap: info.SwapLimit !== false,
    processes: info.PidsLimit !== false,
    CPU: info.CpuCfsQuota !== false && info.CPUCfsQuota !== false,
  };
  return (Object.keys(kept) as Limit[]).filter((limit) => !kept[limit]);
}

function partName(name: string): string {
  return name === "Engine" ? "docker" : name;
}

const CONTAINER_FIREWALL =
  "The agent cannot use this machine's firewall, so each workspace's network is closed from inside, right after its start.";

/** By the names that the engine has for them; podman calls itself otherwise. */
function componentsOf(version: Docker.DockerVersion): Map<string, Component> {
  const { Components: listed } = version as { Components?: RawComponent[] | null };
  return new Map(
    (listed ?? []).map(({ Name, Version, Details }) => {
      const { GitCommit: commit = "" } = Details ?? {};
      return [Name, { version: Version, ...(commit === "" ? {} : { commit }) }];
    }),
  );
}

interface RawComponent {
  Name: string;
  Version: string;
  Details?: { GitCommit?: string } | null;
}
