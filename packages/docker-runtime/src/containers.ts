import { type Clock, type Place, type PlaceSpec, type WorkspaceId, WsError } from "@ws/workspace-core";
import type Docker from "dockerode";

import { containerSpec, imageUser } from "./container-spec.ts";
import { placeOf } from "./container-status.ts";
import type { EndingsMemory } from "./endings.ts";
import type { Engine } from "./engine.ts";
import { imageNotFound } from "./image-errors.ts";
import { nestedSpec } from "./nested-spec.ts";
import { containerNames, dockerVolume, homeVolume, labelFilter, workspaceOf } from "./labels.ts";

/** The containers and homes of one instance: creating, finding and removing them, every step safe to repeat. */
export interface Containers {
  /** `objects` is the worker's directory that it is shown, where the engine can see it. */
  create(
    place: PlaceSpec,
    options: { image: string; network: string; objects?: string | undefined; signal?: AbortSignal | undefined },
  ): Promise<Place>;
  rename(id: WorkspaceId, name: string, signal?: AbortSignal): Promise<void>;
  list(id?: WorkspaceId, signal?: AbortSignal): Promise<Place[]>;
  homes(signal?: AbortSignal): Promise<WorkspaceId[]>;
  /** The name of the network that its container was made on; undefined where there is none. */
  networkOf(id: WorkspaceId, signal?: AbortSignal): Promise<string | undefined>;
  removeContainers(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
  removeHome(id: WorkspaceId, signal?: AbortSignal): Promise<void>;
}

export function createContainers(options: {
  engine: Engine;
  instance: string;
  clock: Clock;
  endings: EndingsMemory;
}): Containers {
  const { engine, instance, clock, endings } = options;

  async function list(id?: WorkspaceId, signal?: AbortSignal): Promise<Place[]> {
    const filters = labelFilter(instance, id);
    const infos = await engine.call((docker) => docker.listContainers({ all: true, filters }), signal);
    return infos
      .map((info) => placeOf(info, instance, endings))
      .filter((place) => place !== undefined)
      .sort((a, b) => a.createdAt - b.createdAt);
  }

  /** A home that exists already must be this workspace's; one that does not is made with its container. */
  async function checkHome(id: WorkspaceId, signal?: AbortSignal): Promise<void> {
    const name = homeVolume(id);
    const found = await engine.attempt([404], (docker) => docker.getVolume(name).inspect(), signal);
    if (found.refused !== undefined || workspaceOf(found.value.Labels, instance) === id) return;
    throw new WsError("internal", {
      message: `The volume ${name} exists and belongs to somebody else.`,
      next: `Look at it with 'docker volume inspect ${name}', and remove it if nobody needs it.`,
      data: {},
    });
  }

  /** Tries the names in order until `use` gets one; it answers false where somebody has it. */
  async function firstFree(
    id: WorkspaceId,
    name: string,
    use: (candidate: string) => Promise<boolean>,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const candidate of containerNames(id, name)) {
      for (const pause of CLAIM_PAUSES_MS) {
        if (await use(candidate)) return;
        const holder = await holderOf(candidate, signal);
        // Whoever took the name may have been this very request, repeated.
        if (holder === id) return;
        if (holder !== undefined) break;
        // The engine gives a name away before the container can be seen, and takes it back after it is gone.
        await clock.sleep(pause, signal);
      }
    }
    throw new WsError("name_taken", {
      message: `Both names that the container of '${name}' could have are taken on this engine.`,
      next: `Look at them with 'docker ps --all --filter name=workspace-${name}'.`,
      data: { name },
    });
  }

  /** Which workspace has a container's name; `stranger` for what is not ours. */
  async function holderOf(name: string, signal?: AbortSignal): Promise<WorkspaceId | "stranger" | undefined> {
    const found = await engine.attempt([404], (docker) => docker.getContainer(name).inspect(), signal);
    if (found.refused !== undefined) return undefined;
    return workspaceOf(found.value.Config.Labels, instance) ?? "stranger";
  }

  async function find(id: WorkspaceId, signal?: AbortSignal): Promise<Place | undefined> {
    return (await list(id, signal))[0];
  }

  async function removeVolume(name: string, id: WorkspaceId, signal?: AbortSignal): Promise<void> {
    let refusal = "";
    for (const pause of RETRIES_MS) {
      const removed = await engine.attempt(
        [404, 409],
        (docker) => docker.getVolume(name).remove() as Promise<unknown>,
        signal,
      );
      if (removed.refused === undefined || removed.refused.status === 404) return;
      refusal = removed.refused.message;
      await clock.sleep(pause, signal);
    }
    throw new WsError("internal", {
      message: `The home of ${id} is still in use: ${refusal}`,
      next: `Find out by what with 'docker ps --all --filter volume=${name}'.`,
      data: {},
    });
  }

  return {
    list,
    async create(place, { image, network, objects, signal }) {
      const [existing, user] = await Promise.all([
        find(place.id, signal),
        userOf(engine, image, signal),
        checkHome(place.id, signal),
      ]);
      if (existing !== undefined) return existing;
      let shown = objects;
      const claim = async (name: string): Promise<boolean> => {
        const plain = containerSpec({ instance, name, image, user, network, place, objects: shown });
        const spec = place.docker === true ? nestedSpec(plain, { instance, id: place.id }) : plain;
        const statuses = shown === undefined ? [404, 409] : [400, 404, 409];
        const answer = await engine.attempt(statuses, (docker) => docker.createContainer({ ...spec }), signal);
        if (answer.refused?.status === 404) throw imageNotFound(image, answer.refused.message);
        if (answer.refused?.status === 400) {
          // Its socket is here and its files are elsewhere, as where the agent runs in a container itself.
          shown = undefined;
          return claim(name);
        }
        return answer.refused === undefined;
      };
      await firstFree(place.id, place.name, claim, signal);
      const made = await find(place.id, signal);
      if (made !== undefined) return made;
      throw new WsError("engine_lost", {
        message: `The container of '${place.name}' vanished while it was made.`,
        next: "Try again; if it happens again, find out what removes containers on this engine.",
        data: { runtime: "docker" },
      });
    },
    async rename(id, name, signal) {
      const place = await find(id, signal);
      if (place === undefined || place.name === name) return;
      const claim = async (candidate: string): Promise<boolean> => {
        const { refused } = await engine.attempt(
          [404, 409],
          (docker) => docker.getContainer(place.handle).rename({ name: candidate }) as Promise<unknown>,
          signal,
        );
        return refused?.status !== 409;
      };
      await firstFree(id, name, claim, signal);
    },
    async networkOf(id, signal) {
      const filters = labelFilter(instance, id);
      const [info] = await engine.call((docker) => docker.listContainers({ all: true, filters }), signal);
      return info?.HostConfig.NetworkMode;
    },
    async homes(signal) {
      const filters = labelFilter(instance);
      const { Volumes: volumes } = await engine.call((docker) => docker.listVolumes({ filters }), signal);
      // The engine answers null for none.
      const owners = ((volumes as Docker.VolumeInspectInfo[] | null) ?? [])
        .map((volume) => workspaceOf(volume.Labels, instance))
        .filter((id) => id !== undefined);
      return [...new Set(owners)];
    },
    async removeContainers(id, signal) {
      for (const pause of RETRIES_MS) {
        const places = await list(id, signal);
        if (places.length === 0) return;
        for (const place of places) {
          endings.expect(place.handle);
          // 409: somebody else's removal is under way. 500: the engine could not finish; the next round may.
          await engine.attempt(
            [404, 409, 500],
            (docker) => docker.getContainer(place.handle).remove({ force: true, v: true }) as Promise<unknown>,
            signal,
          );
        }
        if ((await list(id, signal)).length === 0) return;
        await clock.sleep(pause, signal);
      }
      throw new WsError("internal", {
        message: `The engine did not remove the container of ${id}.`,
        next: `Try 'docker rm --force' on what 'docker ps --all --filter label=ws.workspace=${id}' shows.`,
        data: {},
      });
    },
    async removeHome(id, signal) {
      // The home last: as long as it is there, the rest is found by it.
      for (const name of [dockerVolume(id), homeVolume(id)]) await removeVolume(name, id, signal);
    },
  };
}

const CLAIM_PAUSES_MS = [20, 50, 100, 250, 500, 1_000, 2_000];
/** Ten seconds in all: the engine unmounts in its own time. */
const RETRIES_MS = [50, 100, 200, 400, 800, 1_500, 3_000, 4_000];

async function userOf(engine: Engine, image: string, signal?: AbortSignal): Promise<ReturnType<typeof imageUser>> {
  const inspected = await engine.attempt([404], (docker) => docker.getImage(image).inspect(), signal);
  if (inspected.refused !== undefined) throw imageNotFound(image, inspected.refused.message);
  return imageUser(inspected.value.Config.User);
}
