import {
  type Box,
  type Clock,
  isWsError,
  type Log,
  type Place,
  type PlaceSpec,
  type Report,
  type Runtime,
} from "@ws/workspace-core";

import { notRunning } from "./box/box-errors.ts";
import { createContainerFirewall } from "./container-firewall.ts";
import { createContainers } from "./containers.ts";
import { createEndings } from "./endings.ts";
import type { EngineAddress } from "./engine-address.ts";
import { createEngine } from "./engine.ts";
import { enter } from "./enter.ts";
import { setLimits } from "./set-limits.ts";
import { runtimeEvents } from "./events.ts";
import type { Firewall } from "./firewall.ts";
import { createFreshPlaces } from "./fresh-places.ts";
import { createHostFirewall } from "./host-firewall.ts";
import { createImages } from "./images.ts";
import { containerLogs } from "./logs.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { ensureNetwork, type Network, networkName, removeNetwork } from "./network.ts";
import { imageBuildFailed } from "./image-errors.ts";
import { createNestedDocker, unavailable } from "./nested.ts";
import { createOwnNetworks, MOST_OWN_NETWORKS } from "./own-networks.ts";
import { createRepositoryImages } from "./repository-image.ts";
import { keepShown, shownObjects } from "./objects-mount.ts";
import { createPower } from "./power.ts";
import { type EngineInfo, runtimeStatus } from "./runtime-status.ts";
import { routedSubnets } from "./subnets.ts";
import { usageOf } from "./usage.ts";

export interface DockerRuntimeOptions {
  /** Tells this worker's containers, volumes and network from all others on the engine; never changes. */
  instance: string;
  /** The folder with `workspace/Dockerfile` and `base/build-base.sh`. */
  imageDirectory: string;
  engine: EngineAddress;
  clock: Clock;
  log: Log;
  settings?: {
    /** What workspaces run on instead of the image that `imageDirectory` describes. */
    image?: string;
    /** Packages of npm, with their versions, that workspaces on the worker's own image have from the start. */
    preinstall?: readonly string[];
    /** An IPv4 network for the bridge, such as `10.77.0.0/22`; chosen where absent. */
    networkSubnet?: string;
    /** Whether workspaces may reach private addresses other than the worker's own; true where absent. */
    allowLan?: boolean;
    /** Where the firewall's rules are set; the machine's own tables where the agent may. */
    firewall?: Firewall["place"];
  };
  /** Of these, proxies, mirrors and the npm registry reach an image build. */
  environment?: Readonly<Record<string, string | undefined>>;
  machine?: Machine;
  /** The only directory of this machine below which a place's `objects` may lie; without it none are shown. */
  objectsDirectory?: string;
}

export interface DockerRuntime extends Runtime {
  /** Takes back what `prepare` made for this instance except images. Throws where a workspace still uses the network. */
  teardown(signal?: AbortSignal): Promise<void>;
}

/** Workspaces as containers of one Docker engine. */
export function createDockerRuntime(options: DockerRuntimeOptions): DockerRuntime {
  const { instance, imageDirectory, clock, log, settings = {}, environment = {} } = options;
  const { machine = thisMachine() } = options;
  const engine = createEngine({ address: options.engine, clock });
  // An engine elsewhere has no directories of this machine.
  const root = "socketPath" in options.engine ? options.objectsDirectory : undefined;
  const endings = createEndings(clock);
  const containers = createContainers({ engine, instance, clock, endings });
  const { preinstall } = settings;
  const images = createImages({
    engine,
    machine,
    clock,
    log,
    directory: imageDirectory,
    environment,
    preinstall,
    network: buildNetwork,
  });
  const policy = { allowLan: settings.allowLan ?? true };
  const hostFirewall = createHostFirewall({ machine, instance, policy, log });
  const containerFirewall = createContainerFirewall({
    engine,
    instance,
    policy,
    image: () => images.standard(),
    addresses: () => ("socketPath" in options.engine ? machine.addresses() : []),
    names: async () => {
      const info = await engine.call((docker) => docker.info() as Promise<EngineInfo>);
      return info.OperatingSystem?.includes("Docker Desktop") === true ? DESKTOP_NAMES : [];
    },
  });
  /** The machine's tables where they are this engine's and ours to change. */
  function firewallFor(bridge: string): Firewall {
    const place = settings.firewall ?? (machine.root && machine.hasInterface(bridge) ? "host" : "container");
    return place === "host" ? hostFirewall : containerFirewall;
  }

  let found: Network | undefined;
  async function network(signal?: AbortSignal): Promise<Network> {
    // A bridge that this machine has belongs to a network that is there.
    if (found !== undefined && machine.hasInterface(found.bridge)) return found;
    found = await ensureNetwork(engine, {
      instance,
      routed: routedSubnets(machine.routes()),
      ...(settings.networkSubnet !== undefined && { subnet: settings.networkSubnet }),
      ...(signal && { signal }),
    });
    return found;
  }

  const own = createOwnNetworks({ engine, instance, clock, routed: () => routedSubnets(machine.routes()) });
  async function networkFor(spec?: PlaceSpec, signal?: AbortSignal): Promise<Network> {
    if (spec?.docker !== true) return network(signal);
    const known = await containers.networkOf(spec.id, signal);
    const taken = await own.take(spec.id, { known, signal });
    if (taken !== undefined) return taken;
    throw unavailable(`all ${MOST_OWN_NETWORKS} networks for workspaces that run it are taken; delete one of them`);
  }

  const fresh = createFreshPlaces(clock);
  const power = createPower({ engine, clock, containers, endings, network: networkFor, firewallFor });
  const nested = createNestedDocker({ engine, instance, clock });

  async function prepareNested({ bridge }: Network, report: Report, signal?: AbortSignal): Promise<void> {
    if (settings.image !== undefined) throw unavailable("the setting docker.image names another image than its own");
    // It may change whatever rules are within its own network.
    if (firewallFor(bridge).place !== "host") throw unavailable("the agent may not set this machine's own firewall");
    const image = await images.ensureNested({ report, signal });
    await nested.probe(image, signal);
  }

  /** Behind the machine's own firewall: what runs as root in a build may change what is within its network. */
  async function buildNetwork(signal: AbortSignal): Promise<(AsyncDisposable & { name: string }) | undefined> {
    const bridge = await network(signal);
    const firewall = firewallFor(bridge.bridge);
    if (firewall.place !== "host") return undefined;
    const borrowed = await own.borrow(signal);
    if (borrowed === undefined) {
      throw imageBuildFailed("that is to be built", {
        reason: `all ${MOST_OWN_NETWORKS} networks for builds, and for workspaces that run Docker, are taken`,
        next: "Try again when one of them is over.",
      });
    }
    await using undo = new AsyncDisposableStack();
    undo.use(borrowed);
    await firewall.apply(bridge, signal);
    await firewall.protect("", borrowed, signal);
    undo.move();
    return borrowed;
  }
  const repositoryImages = createRepositoryImages({
    engine,
    images,
    standard: settings.image,
    log,
    network: buildNetwork,
  });

  function enterPlace({ id, handle }: Place, justStarted: boolean, signal?: AbortSignal): Promise<Box> {
    const guard = (limit: AbortSignal): Promise<void> => power.guard(handle, justStarted, limit);
    return enter({ engine, handle, id, guard, clock, log, ...(signal && { signal }) });
  }

  return {
    name: "docker",
    showsObjects: root !== undefined,
    async status(signal) {
      const place = settings.firewall ?? (machine.root ? "host" : "container");
      return runtimeStatus(engine, place, signal);
    },
    image: (recipe, making) => repositoryImages.make(recipe, making),
    async prepare({ image = settings.image, docker = false, report, signal }) {
      const bridge = await network(signal);
      const firewall = firewallFor(bridge.bridge);
      await firewall.apply(bridge, signal);
      if (docker) return prepareNested(bridge, report, signal);
      // Its rules are set from our own image, which has the program for that.
      if (firewall.place === "container" && image !== undefined) await images.ensure(undefined, { report, signal });
      await images.ensure(image, { report, signal });
    },
    async create(spec, signal) {
      const standard = spec.docker === true ? images.nested : images.standard;
      const image = spec.image ?? settings.image ?? (await standard());
      const objects = shownObjects(spec, root);
      await keepShown(objects);
      const { name } = spec.docker === true ? await networkFor(spec, signal) : { name: networkName(instance) };
      const place = await containers.create(spec, { image, network: name, objects, signal });
      fresh.put(place);
      return place;
    },
    async start(spec, signal) {
      await keepShown(shownObjects(spec, root));
      const place = await power.start(spec, fresh.take(spec.id, "stopped"), signal);
      if (spec.docker === true) await nested.start(place.handle, signal);
      fresh.put(place);
      return place;
    },
    async stop(id, stopOptions) {
      fresh.forget(id);
      await power.stop(id, stopOptions);
    },
    async remove(id, signal) {
      fresh.forget(id);
      await containers.removeContainers(id, signal);
      await own.release(id, signal);
      await containers.removeHome(id, signal);
    },
    async abandon(id, signal) {
      fresh.forget(id);
      await containers.removeContainers(id, signal);
      await own.release(id, signal);
    },
    rename: (id, name, signal) => containers.rename(id, name, signal),
    limit: (spec, signal) => setLimits({ engine, containers }, spec, signal),
    find: async (id, signal) => (await containers.list(id, signal))[0],
    list: (signal) => containers.list(undefined, signal),
    homes: (signal) => containers.homes(signal),
    async open(id, signal) {
      const started = fresh.take(id, "running");
      if (started !== undefined) {
        try {
          return await enterPlace(started, true, signal);
        } catch (error) {
          // It may have ended, or been replaced, since: then the engine knows more.
          if (!isWsError(error, "box_unavailable")) throw error;
        }
      }
      const [place] = await containers.list(id, signal);
      if (place?.power !== "running") throw notRunning(id);
      return enterPlace(place, false, signal);
    },
    async usage(ids, signal) {
      const asked = new Set(ids);
      const places = (await containers.list(undefined, signal)).filter((place) => asked.has(place.id));
      const running = places.filter(({ power: state }) => state === "running");
      return usageOf({ engine, clock }, running, signal);
    },
    async *logs(id, logOptions) {
      const place = (await containers.list(id, logOptions.signal))[0];
      if (place !== undefined) yield* containerLogs(engine, place.handle, logOptions);
    },
    events: (signal) => runtimeEvents({ engine, instance, clock, log, endings }, signal),
    async teardown(signal) {
      await own.releaseAll(signal);
      await removeNetwork(engine, instance, signal);
      await containerFirewall.remove(signal);
      // Also where the bridge is gone already: rules of an earlier run may be left.
      if (machine.root && machine.platform === "linux") await hostFirewall.remove(signal);
    },
  };
}

/** How containers of Docker Desktop reach the machine that it runs on. */
const DESKTOP_NAMES = ["host.docker.internal", "gateway.docker.internal"];
