import { WsError } from "@ws/workspace-core";
import type Docker from "dockerode";

import type { Engine } from "./engine.ts";
import { INSTANCE_LABEL, shortInstance } from "./labels.ts";
import { candidateSubnets, formatSubnet, parseSubnet, type Subnet } from "./subnets.ts";

export interface Network {
  name: string;
  /** The bridge's interface on the engine's machine. */
  bridge: string;
  /** The address under which containers see that machine. */
  gateway: string;
}

/** The network's name, known before it exists. */
export function networkName(instance: string): string {
  return `workspace-${shortInstance(instance)}`;
}

export function bridgeName(instance: string): string {
  return `ws-${shortInstance(instance)}`;
}

/**
 * Makes the one bridge that all workspaces of an instance share, or finds it. Its containers cannot reach one
 * another. `routed` are networks that this machine already reaches some other way.
 */
export async function ensureNetwork(
  engine: Engine,
  options: { instance: string; subnet?: string; routed: readonly Subnet[]; signal?: AbortSignal },
): Promise<Network> {
  const { instance, signal } = options;
  const all = await engine.call((docker) => docker.listNetworks(), signal);
  const existing = all.find((network) => isOurs(network, instance));
  if (existing !== undefined) return networkOf(existing, bridgeName(instance));

  const taken = [...options.routed, ...all.flatMap(subnetsOf)];
  const candidates = options.subnet === undefined ? candidateSubnets(instance, taken) : [chosenSubnet(options.subnet)];
  let refusal = "every candidate is in use";
  for (const candidate of candidates) {
    const created = await createNetwork(engine, networkSpec(instance, formatSubnet(candidate)), signal);
    const made = (await engine.call((docker) => docker.listNetworks(), signal)).find((one) => isOurs(one, instance));
    if (made !== undefined) return networkOf(made, bridgeName(instance));
    // Another network took the addresses meanwhile, or the engine sees an overlap that we do not.
    refusal = created.refused?.message ?? "it vanished at once";
    if (!/overlap|already allocated|pool/i.test(refusal)) break;
  }
  throw new WsError("runtime_unavailable", {
    message: `The network for workspaces could not be made: ${refusal}`,
    next: "Name a free network in the settings ('ws config set docker.subnet 10.77.0.0/22'), then try again.",
    data: { runtime: "docker" },
  });
}

/** What the engine said against it, where it said something. */
export async function createNetwork(
  engine: Engine,
  spec: Docker.NetworkCreateOptions,
  signal?: AbortSignal,
): Promise<{ refused?: { status: number; message: string } }> {
  return engine.attempt([400, 403, 409, 500], (docker) => docker.createNetwork(spec), signal);
}

/** Succeeds where there is none. Throws where a container still uses it. */
export async function removeNetwork(engine: Engine, instance: string, signal?: AbortSignal): Promise<void> {
  const all = await engine.call((docker) => docker.listNetworks(), signal);
  for (const network of all.filter((one) => isOurs(one, instance))) {
    await engine.attempt([404], (docker) => docker.getNetwork(network.Id).remove() as Promise<unknown>, signal);
  }
}

/** Gives a stopped container the network of today, where the one it was made with was removed (`docker network prune`). */
export async function reattach(
  engine: Engine,
  container: string,
  network: Network,
  signal?: AbortSignal,
): Promise<void> {
  const target = { Container: container };
  await engine.attempt(
    [403, 404, 500],
    (docker) => docker.getNetwork(network.name).disconnect({ ...target, Force: true }) as Promise<unknown>,
    signal,
  );
  await engine.attempt(
    [403],
    (docker) => docker.getNetwork(network.name).connect({ ...target }) as Promise<unknown>,
    signal,
  );
}

/** Everything about the bridge that keeps workspaces apart, in one value. */
export function networkSpec(
  instance: string,
  subnet: string,
  { name, bridge } = { name: networkName(instance), bridge: bridgeName(instance) },
): Docker.NetworkCreateOptions {
  return {
    Name: name,
    CheckDuplicate: true,
    Driver: "bridge",
    EnableIPv6: false,
    Internal: false,
    Attachable: false,
    Labels: { [INSTANCE_LABEL]: instance },
    IPAM: { Driver: "default", Config: [{ Subnet: subnet }] },
    Options: {
      "com.docker.network.bridge.enable_icc": "false",
      "com.docker.network.bridge.name": bridge,
    },
  };
}

function isOurs(network: Docker.NetworkInspectInfo, instance: string): boolean {
  return network.Name === networkName(instance) && network.Labels?.[INSTANCE_LABEL] === instance;
}

export function networkOf(network: Docker.NetworkInspectInfo, bridge: string): Network {
  const { Subnet: subnet = "", Gateway: gateway } = network.IPAM?.Config?.[0] ?? {};
  return { name: network.Name, bridge, gateway: gateway ?? firstAddress(subnet) };
}

/** What an engine gives a bridge where nothing else was asked for. */
function firstAddress(subnet: string): string {
  const { base } = parseSubnet(subnet);
  return formatSubnet({ base: base + 1, bits: 32 }).replace("/32", "");
}

export function subnetsOf(network: Docker.NetworkInspectInfo): Subnet[] {
  return (network.IPAM?.Config ?? [])
    .map((config) => config.Subnet)
    .filter((subnet) => subnet !== undefined && !subnet.includes(":"))
    .map((subnet) => parseSubnet(subnet as string));
}

function chosenSubnet(text: string): Subnet {
  try {
    return parseSubnet(text);
  } catch (cause) {
    throw new WsError("invalid_input", {
      message: `The setting for the workspaces' network is wrong: ${(cause as Error).message}.`,
      next: "Use a network such as 10.77.0.0/22.",
      data: { field: "networkSubnet" },
      cause,
    });
  }
}
