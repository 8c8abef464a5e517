import { type Clock, type Place, type PlaceSpec, type WorkspaceId, WsError } from "@ws/workspace-core";

import type { Containers } from "./containers.ts";
import type { EndingsMemory } from "./endings.ts";
import type { Engine } from "./engine.ts";
import type { Firewall } from "./firewall.ts";
import { type Network, reattach } from "./network.ts";

export interface Power {
  /** `known` is where its container is, where that was found out a moment ago. */
  start(spec: PlaceSpec, known?: Place, signal?: AbortSignal): Promise<Place>;
  stop(id: WorkspaceId, options?: { graceMs?: number; signal?: AbortSignal }): Promise<void>;
  /**
   * Makes sure that a running container is behind the firewall; called before each Box, too. The machine's own rules
   * are not looked at again for one that was started a moment ago.
   */
  guard(container: string, justStarted: boolean, signal?: AbortSignal): Promise<void>;
}

/** Starting and stopping containers. Nothing but an idle first process runs in one until the firewall covers it. */
export function createPower(options: {
  engine: Engine;
  clock: Clock;
  containers: Containers;
  endings: EndingsMemory;
  /** The one that this workspace's container is on; without one that which most are on. */
  network: (spec?: PlaceSpec, signal?: AbortSignal) => Promise<Network>;
  firewallFor: (bridge: string) => Firewall;
}): Power {
  const { engine, clock, containers, endings, network, firewallFor } = options;
  /** By container, the start for which rules were set inside it: they end with it. */
  const guarded = new Map<string, string>();

  async function guard(container: string, bridge: Network, signal?: AbortSignal): Promise<void> {
    const firewall = firewallFor(bridge.bridge);
    if (firewall.place === "host") return firewall.protect(container, bridge, signal);
    const info = await engine.call((docker) => docker.getContainer(container).inspect(), signal);
    const { Running: running, StartedAt: startedAt } = info.State;
    if (!running || info.HostConfig.NetworkMode === "none" || guarded.get(container) === startedAt) return;
    await firewall.protect(container, bridge, signal);
    guarded.set(container, startedAt);
  }

  /** False where the network that the container was made with is gone. */
  async function startContainer(container: string, spec: PlaceSpec, signal?: AbortSignal): Promise<boolean> {
    endings.started(container);
    // 304: it runs already.
    const { refused } = await engine.attempt(
      [304, 400, 404],
      (docker) => docker.getContainer(container).start() as Promise<unknown>,
      signal,
    );
    if (refused?.status === 400) throw unsuitableImage(spec, refused.message);
    return refused?.status !== 404;
  }

  /** The engine calls a container started before it knows whether its program exists. */
  async function settle(container: string, spec: PlaceSpec, signal?: AbortSignal): Promise<void> {
    const done = new AbortController();
    const both = signal === undefined ? done.signal : AbortSignal.any([signal, done.signal]);
    const ended = engine.call(
      (docker) => docker.getContainer(container).wait() as Promise<{ StatusCode: number }>,
      both,
    );
    const code = await Promise.race([
      ended.then(({ StatusCode }) => StatusCode),
      keptUp(container, both),
      clock.sleep(SETTLE_MS, both).then(() => undefined),
    ]).finally(() => done.abort());
    ended.catch(() => undefined);
    if (code === 126 || code === 127) throw unsuitableImage(spec, "it has no 'sleep', which keeps a workspace running");
  }

  /** Resolves once the program runs that keeps it up; what its init was before it became that has another name. */
  async function keptUp(container: string, signal: AbortSignal): Promise<undefined> {
    while (!signal.aborted) {
      const { value } = await engine.attempt(
        [404, 409, 500],
        (docker) => docker.getContainer(container).top() as Promise<{ Processes: string[][] | null }>,
        signal,
      );
      if (value?.Processes?.some((columns) => /^sleep\b/.test(columns.at(-1) ?? "")) === true) return;
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
  }

  async function halt(container: string): Promise<void> {
    endings.expect(container);
    // Not under the caller's signal: this is what makes giving up safe.
    await engine.attempt([304, 404], (docker) => docker.getContainer(container).stop({ t: 0 }) as Promise<unknown>);
  }

  /** Starts it and closes its network. The machine's own rules need no container, so both go on at once. */
  async function startGuarded(
    container: string,
    spec: PlaceSpec,
    bridge: Network,
    signal?: AbortSignal,
  ): Promise<void> {
    const shielded = firewallFor(bridge.bridge).place === "host";
    const ready = shielded ? guard(container, bridge, signal) : Promise.resolve();
    ready.catch(() => undefined);
    if (!(await startContainer(container, spec, signal))) {
      const [there] = await containers.list(spec.id, signal);
      if (there === undefined) throw absent(spec.id);
      await reattach(engine, container, bridge, signal);
      if (!(await startContainer(container, spec, signal))) throw absent(spec.id);
    }
    try {
      await ready;
      if (!shielded) await guard(container, bridge, signal);
    } catch (error) {
      // Not there is better than open to the machine.
      await halt(container);
      throw error;
    }
  }

  return {
    async guard(container, justStarted, signal) {
      const bridge = await network(undefined, signal);
      if (justStarted && firewallFor(bridge.bridge).place === "host") return;
      await guard(container, bridge, signal);
    },
    async start(spec, known, signal) {
      const { id } = spec;
      const [place, bridge] = await Promise.all([
        known ?? containers.list(id, signal).then(([found]) => found),
        spec.profile === "agent" ? undefined : network(spec, signal),
      ]);
      if (place === undefined) throw absent(id);
      if (bridge !== undefined) await startGuarded(place.handle, spec, bridge, signal);
      else if (!(await startContainer(place.handle, spec, signal))) throw absent(id);
      if (spec.image !== undefined) await settle(place.handle, spec, signal);
      const { exit: _earlier, ...rest } = place;
      return { ...rest, power: "running" };
    },
    async stop(id, { graceMs = 2_000, signal } = {}) {
      for (const { handle } of await containers.list(id, signal)) {
        endings.expect(handle);
        const grace = { t: Math.ceil(graceMs / 1_000) };
        await engine.attempt(
          [304, 404],
          (docker) => docker.getContainer(handle).stop(grace) as Promise<unknown>,
          signal,
        );
      }
    },
  };
}

/** Many times what an init needs to find that a program is missing, also on a machine that has much else to do. */
const SETTLE_MS = 5_000;
const LOOK_MS = 20;

function absent(id: WorkspaceId): WsError<"box_unavailable"> {
  return new WsError("box_unavailable", {
    message: `The container of ${id} does not exist.`,
    next: `Look for it with 'docker ps --all --filter label=ws.workspace=${id}'; starting the workspace again makes a new one.`,
    data: { workspace: id },
  });
}

function unsuitableImage({ image }: PlaceSpec, reason: string): WsError<"invalid_input"> {
  return new WsError("invalid_input", {
    message: `The image ${image === undefined ? "of workspaces" : `'${image}'`} cannot run a workspace: ${reason}`,
    next: "Use an image with a shell and the usual programs, such as one made FROM debian.",
    data: { field: "image" },
  });
}
