import { randomBytes } from "node:crypto";

import type { Clock, WorkspaceId } from "@ws/workspace-core";
import type Docker from "dockerode";

import type { Engine } from "./engine.ts";
import { INSTANCE_LABEL, labelFilter, WORKSPACE_LABEL, workspaceOf } from "./labels.ts";
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
  /** One for a build, which nobody else has; removed with it. Undefined where all are taken. */
  borrow(signal?: AbortSignal): Promise<(AsyncDisposable & Network) | undefined>;
  /** Removes it; having none is success. Nothing of it may run any more, though the engine may still be taking that away. */
  release(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  releaseAll(signal?: AbortSignal): Promise<void>;
}

/** A network that is nobody else's and behind the firewall, for one build; removed with it. Undefined where none can be. */
export type BuildNetwork = (signal: AbortSignal) => Promise<(AsyncDisposable & { name: string }) | undefined>;

/** A bridge is an interface of the machine, and each has a thousand addresses of its own. */
export const MOST_OWN_NETWORKS = 8;
/** In the place of a workspace's id, which has no hyphen but its first. */
const BUILD = "ws-build-";
/** One without a container may be of a workspace that is just being made. */
const ORPHAN_AGE_MS = 600_000;
/** Ten seconds in all: the engine takes the container of a cancelled build away in its own time. */
const RETRIES_MS = [50, 100, 200, 400, 800, 1_500, 3_000, 4_000];

export function createOwnNetworks(options: {
  engine: Engine;
  instance: string;
  clock: Clock;
  routed: () => readonly Subnet[];
}): OwnNetworks {
  const { engine, instance, clock, routed } = options;
  /** Of builds that are not over; those of an agent that was killed are not among them. */
  const borrowed = new Set<WorkspaceId>();
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
    await sweep(signal);
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

  /** False where something of it is not yet gone. */
  async function remove({ Id: network }: Docker.NetworkInspectInfo, signal?: AbortSignal): Promise<boolean> {
    const gone = (docker: Docker): Promise<unknown> => docker.getNetwork(network).remove() as Promise<unknown>;
    const { refused } = await engine.attempt([403, 404, 409, 500], gone, signal);
    return refused === undefined || refused.status === 404;
  }

  const removeAll = (isMeant: (owner: WorkspaceId) => boolean, signal?: AbortSignal): Promise<boolean> =>
    inTurn(async () => {
      let isDone = true;
      for (const network of await list(signal)) {
        const owner = ownerOf(network);
        if (owner === undefined || bridgeOf(network) === undefined || !isMeant(owner)) continue;
        isDone = (await remove(network, signal)) && isDone;
      }
      return isDone;
    });

  /** Takes back what nobody will release: of builds that an agent left behind, and of workspaces that have no container. */
  async function sweep(signal?: AbortSignal): Promise<void> {
    const before = clock.now() - ORPHAN_AGE_MS;
    const left = (await list(signal)).filter((network) => {
      const owner = ownerOf(network);
      if (owner === undefined || bridgeOf(network) === undefined) return false;
      return owner.startsWith(BUILD) ? !borrowed.has(owner) : Date.parse(network.Created) < before;
    });
    if (left.length === 0) return;
    const filters = labelFilter(instance);
    const containers = await engine.call((docker) => docker.listContainers({ all: true, filters }), signal);
    const owners = new Set(containers.map(({ Labels: labels }) => workspaceOf(labels, instance)));
    for (const network of left) if (!owners.has(ownerOf(network))) await remove(network, signal);
  }

  const release: OwnNetworks["release"] = async (id, signal) => {
    for (const pause of RETRIES_MS) {
      if (await removeAll((owner) => owner === id, signal)) return;
      await clock.sleep(pause, signal);
    }
  };

  return {
    take: (id, asked) => inTurn(() => take(id, asked)),
    async borrow(signal) {
      const id: WorkspaceId = `${BUILD}${randomBytes(8).toString("hex")}`;
      borrowed.add(id);
      let network: Network | undefined;
      try {
        network = await inTurn(() => take(id, { signal }));
      } finally {
        if (network === undefined) borrowed.delete(id);
      }
      if (network === undefined) return undefined;
      return {
        ...network,
        async [Symbol.asyncDispose]() {
          await release(id);
          borrowed.delete(id);
        },
      };
    },
    async release(id, signal) {
      await release(id, signal);
      await inTurn(() => sweep(signal));
    },
    releaseAll: async (signal) => void (await removeAll(() => true, signal)),
  };
}
