import type { PlaceSpec, Profile } from "@ws/workspace-core";

import { homeVolume, workspaceLabels } from "./labels.ts";
import { type ObjectsMount, objectsMount } from "./objects-mount.ts";

/** All that is ever asked of the engine for a workspace's container: what is not a field here cannot be set. */
export interface ContainerSpec {
  name: string;
  Image: string;
  Hostname: string;
  Entrypoint: string[];
  Cmd: string[];
  StopSignal: string;
  Healthcheck: { Test: ["NONE"] };
  Labels: Record<string, string>;
  HostConfig: HostConfig;
}

interface HostConfig {
  Init: true;
  Privileged: false;
  RestartPolicy: { Name: "no" };
  NetworkMode: string;
  IpcMode: "private";
  CapDrop: string[];
  SecurityOpt: string[];
  PidsLimit: number;
  NanoCpus?: number;
  Memory?: number;
  MemorySwap?: number;
  Mounts: [HomeMount] | [HomeMount, ObjectsMount];
  Tmpfs: Record<string, string>;
  LogConfig: { Type: "json-file"; Config: Record<string, string> };
}

interface HomeMount {
  Type: "volume";
  Source: string;
  Target: string;
  /** What the engine makes the volume with where it is not there. */
  VolumeOptions: {
    NoCopy: false;
    Labels: Record<string, string>;
    DriverConfig: { Name: "local"; Options: Record<string, string> };
  };
}

export interface ImageUser {
  home: string;
  /** As tmpfs options: who owns what we keep in memory, and who may enter. */
  tmpfs: string;
}

/** Processes in one workspace; a fork bomb ends here and not at the machine's limit. */
export const DEFAULT_PROCESSES = 4_096;

/** The one place where a workspace's container is described. Pure; holds no secret, so neither does `docker inspect`. */
export function containerSpec(options: {
  instance: string;
  name: string;
  image: string;
  user: ImageUser;
  network: string;
  place: PlaceSpec;
  /** The directory of the worker's that it is shown, checked; nothing else ever is. */
  objects?: string | undefined;
}): ContainerSpec {
  const { instance, name, image, user, network, place, objects } = options;
  const home = homeMount(instance, place, user.home);
  return {
    name,
    Image: image,
    Hostname: place.name,
    // Whatever the image would start, a workspace only has to stay; everything else comes in through the Box.
    Entrypoint: ["sleep"],
    Cmd: ["infinity"],
    StopSignal: "SIGTERM",
    // An image's own check would look for what its own command does.
    Healthcheck: { Test: ["NONE"] },
    Labels: workspaceLabels(instance, place.id, place.profile),
    HostConfig: {
      Init: true,
      Privileged: false,
      // The agent decides what runs again after an engine restart.
      RestartPolicy: { Name: "no" },
      IpcMode: "private",
      ...isolation(place.profile, network),
      ...limits(place.limits),
      Mounts: objects === undefined ? [home] : [home, objectsMount(objects)],
      Tmpfs: { "/run/ws": `rw,exec,nosuid,nodev,size=67108864,${user.tmpfs}` },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } },
    },
  };
}

function homeMount(instance: string, { id }: PlaceSpec, home: string): HomeMount {
  const driver = { Name: "local" as const, Options: {} };
  const options = { NoCopy: false as const, Labels: workspaceLabels(instance, id), DriverConfig: driver };
  return { Type: "volume", Source: homeVolume(id), Target: home, VolumeOptions: options };
}

/** Where the home lies and who owns it, from what an image says of its user. */
export function imageUser(user: string): ImageUser {
  const name = user.split(":")[0] ?? "";
  if (name === "workspace" || name === "1000") {
    return { home: "/home/workspace", tmpfs: "uid=1000,gid=1000,mode=0700" };
  }
  if (name === "" || name === "root" || name === "0") return { home: "/root", tmpfs: "uid=0,gid=0,mode=0700" };
  // The number behind a name is only in the image's files; there is nobody else in the container to keep out.
  if (!/^\d+$/.test(name)) return { home: `/home/${name}`, tmpfs: "mode=1777" };
  return { home: "/home/workspace", tmpfs: `uid=${name},mode=0700` };
}

function isolation(profile: Profile, network: string): Pick<HostConfig, "NetworkMode" | "CapDrop" | "SecurityOpt"> {
  if (profile === "agent") {
    return { NetworkMode: "none", CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges:true"] };
  }
  // sudo needs to gain privileges; raw sockets would let it forge its neighbours' addresses.
  return { NetworkMode: network, CapDrop: ["NET_RAW"], SecurityOpt: [] };
}

function limits(limits: PlaceSpec["limits"]): Pick<HostConfig, "PidsLimit" | "NanoCpus" | "Memory" | "MemorySwap"> {
  const { cpus, memoryBytes, processes = DEFAULT_PROCESSES } = limits;
  return {
    PidsLimit: processes,
    ...(cpus !== undefined && { NanoCpus: Math.round(cpus * 1e9) }),
    // Memory alone would leave twice as much in swap.
    ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
  };
}
