import type { WorkspaceId } from "@ws/workspace-core";
import type Docker from "dockerode";

import type { Engine } from "./engine.ts";
import { INSTANCE_LABEL, WORKSPACE_LABEL, workspaceOf } from "./labels.ts";
import { bridgeName, createNetwork, type Network, networkName, networkOf, networkSpec, subnetsOf } from "./network.ts";
import { candidateSubnets, formatSubnet, type Subnet } from "./subnets.ts";

/** Bridges of which each has one workspace, or one build, on it: what may forge addresses has no neighbour to forge them of. */
export interface OwnNetworks {
  /**
   * The one of this workspace, made where it is not there; undefined where all are taken. One that was removed behind our back is made
   * again under the name that the workspace's container knows it by (`known`).
   */
  take(
    id: WorkspaceId,
    options?: { known?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<Network | undefined>;
  /** Removes it; having none is success. Nothing of it may run any more. */
  release(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  releaseAll(signal?: AbortSignal): Promise<void>;
}

/** A bridge is an interface of the machine, and each has a thousand addresses of its own. */
export const MOST_OWN_NETWORKS = 8;

export function createOwnNetworks(options: {
  engine: Engine;
  instance: string;
  routed: () => readonly Subnet[];
}): OwnNetworks {
  const { engine, instance, routed } = options;
  const slots = Array.from({ length: MOST_OWN_NETWORKS }, (_, index) => ({
    name: `${networkName(instance)}-${index + 1}`,
    bridge: `${bridgeName(instance)}${index + 1}`,
  }));

  const list = (signal?: AbortSignal): Promise<Docker.NetworkInspectInfo[]> =>
    engine.call((docker) => docker.listNetworks(), signal);
  const ownerOf = ({ Labels: labels }: Docker.NetworkInspectInfo): WorkspaceId | undefined =>
    workspaceOf(labels ?? null, instance);
  const bridgeOf = ({ Name: name }: Docker.NetworkInspectInfo): string | undefined =>
    slots.find((slot) => slot.name === name)?.bridge;

  const take: OwnNetworks["take"] = async (id, { known, signal } = {}) => {
    const all = await list(signal);
    const mine = all.find((network) => ownerOf(network) === id && bridgeOf(network) !== undefined);
    if (mine !== undefined) return networkOf(mine, bridgeOf(mine) ?? "");
    const taken = new Set(all.map(({ Name: name }) => name));
    const free = slots.filter(({ name }) => !taken.has(name));
    free.sort((one, other) => Number(other.name === known) - Number(one.name === known));
    const subnets = candidateSubnets(instance, [...routed(), ...all.flatMap(subnetsOf)]);
    for (const slot of free) {
      for (const subnet of subnets) {
        const spec = networkSpec(instance, formatSubnet(subnet), slot);
        const labels = { [INSTANCE_LABEL]: instance, [WORKSPACE_LABEL]: id };
        const { refused } = await createNetwork(engine, { ...spec, Labels: labels }, signal);
        const made = (await list(signal)).find((network) => network.Name === slot.name);
        if (made !== undefined && ownerOf(made) === id) return networkOf(made, slot.bridge);
        // Addresses that another network has: the next ones may be free. Anything else is the slot's.
        if (refused === undefined || !/overlap|already allocated|pool/i.test(refused.message)) break;
      }
    }
    return undefined;
  };

  let last: Promise<unknown> = Promise.resolve();
  /** One at a time: each looks at what is there before it acts. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function remove(isMeant: (owner: WorkspaceId) => boolean, signal?: AbortSignal): Promise<void> {
    for (const network of await list(signal)) {
      const owner = ownerOf(network);
      if (owner === undefined || bridgeOf(network) === undefined || !isMeant(owner)) continue;
      // 403: what ran on it is not yet gone. It is found again by its workspace.
      await engine.attempt([403, 404], (docker) => docker.getNetwork(network.Id).remove() as Promise<unknown>, signal);
    }
  }

  return {
    take: (id, asked) => inTurn(() => take(id, asked)),
    release: (id, signal) => inTurn(() => remove((owner) => owner === id, signal)),
    releaseAll: (signal) => inTurn(() => remove(() => true, signal)),
  };
}
