import type { WorkspaceId } from "@ws/workspace-core";

import type { ContainerSpec } from "./container-spec.ts";
import { dockerVolume, workspaceLabels } from "./labels.ts";

type HostConfig = ContainerSpec["HostConfig"];

/** The container of a workspace that runs Docker: what is not a field here is as in every other. */
export interface NestedContainerSpec extends Omit<ContainerSpec, "HostConfig"> {
  HostConfig: Omit<HostConfig, "Mounts"> & {
    CapAdd: string[];
    MaskedPaths: string[];
    ReadonlyPaths: string[];
    DeviceCgroupRules: string[];
    Mounts: [...HostConfig["Mounts"], DataMount];
  };
}

interface DataMount {
  Type: "volume";
  Source: string;
  Target: "/var/lib/docker";
  VolumeOptions: {
    NoCopy: true;
    Labels: Record<string, string>;
    DriverConfig: { Name: "local"; Options: Record<string, string> };
  };
}

/** What an engine within needs, and nothing beyond it. All of it together is nearly what root of the machine has. */
const NEEDS = {
  CapDrop: [],
  CapAdd: ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "NET_RAW"],
  // What the engine's command line calls systempaths=unconfined are the two empty lists.
  SecurityOpt: ["seccomp=unconfined"],
  MaskedPaths: [],
  ReadonlyPaths: [],
  DeviceCgroupRules: ["a *:* rwm"],
};

/** A workspace's container with what a Docker engine in it needs, and a volume for what that keeps. Pure. */
export function nestedSpec(
  spec: ContainerSpec,
  { instance, id }: { instance: string; id: WorkspaceId },
): NestedContainerSpec {
  const data: DataMount = {
    Type: "volume",
    Source: dockerVolume(id),
    Target: "/var/lib/docker",
    VolumeOptions: {
      NoCopy: true,
      Labels: workspaceLabels(instance, id),
      DriverConfig: { Name: "local", Options: {} },
    },
  };
  return { ...spec, HostConfig: { ...spec.HostConfig, ...NEEDS, Mounts: [...spec.HostConfig.Mounts, data] } };
}

/** A container with the same rights that is tried and thrown away. */
export function probeSpec(options: {
  instance: string;
  image: string;
  labels: Record<string, string>;
  argv: string[];
}) {
  return {
    Image: options.image,
    User: "0:0",
    Entrypoint: options.argv,
    Cmd: [],
    Labels: options.labels,
    HostConfig: {
      Init: true,
      Privileged: false,
      NetworkMode: "none",
      IpcMode: "private",
      RestartPolicy: { Name: "no" },
      PidsLimit: 64,
      ...NEEDS,
      Mounts: [{ Type: "volume", Target: "/var/lib/docker", VolumeOptions: { NoCopy: true } }],
    },
  };
}
