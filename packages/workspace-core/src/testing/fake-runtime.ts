import { WsError } from "../errors.ts";
import type { Box, ImageRecipe, Place, PlaceSpec, PlaceUsage, Runtime, RuntimeEvent } from "../ports.ts";
import type { Limits, WorkspaceId } from "../workspace.ts";
import { createFakeHome, type FakeHome } from "./fake-home.ts";

export interface FakeRuntime extends Runtime {
  /** Of the images that were asked for. */
  readonly recipes: ImageRecipe[];
  usage: NonNullable<Runtime["usage"]>;
  /** Of a place as it is, or was. */
  limits(id: WorkspaceId): Limits | undefined;
  /** Ends a place as a crash of its first process does. */
  crash(id: WorkspaceId, exit: { code: number; oom: boolean }): void;
  /** Says something as the place's first process does. */
  print(id: WorkspaceId, text: string): void;
  /** Resolves once somebody follows what places say. */
  followed(): Promise<void>;
  /** What a place uses from now on, as long as it runs. */
  uses(id: WorkspaceId, usage: Omit<PlaceUsage, "id">): void;
  /** While false, every call throws `engine_unreachable`. Coming back, nothing runs, as after an engine restart. */
  setReachable(reachable: boolean): void;
  /** Called before each call takes effect; throwing makes the call fail, never settling makes it hang. */
  intercept(hook: (method: string, id?: WorkspaceId) => Promise<void> | void): void;
}

/** A runtime in memory: places and homes are entries of maps, and calls take effect all at once. */
export function createFakeRuntime(options: {
  now: () => number;
  openBox: (home: FakeHome, ended: AbortSignal) => Box;
}): FakeRuntime {
  const places = new Map<WorkspaceId, Place & { ended: AbortController }>();
  const homes = new Map<WorkspaceId, FakeHome>();
  const limited = new Map<WorkspaceId, Limits>();
  const recipes: ImageRecipe[] = [];
  const listeners = new Set<(event: RuntimeEvent) => void>();
  const printed = new Map<WorkspaceId, string[]>();
  const used = new Map<WorkspaceId, Omit<PlaceUsage, "id">>();
  let said = Promise.withResolvers<void>();
  let followers = 0;
  let followed = Promise.withResolvers<void>();
  let reachable = true;
  let hook: (method: string, id?: WorkspaceId) => Promise<void> | void = () => undefined;
  let handles = 0;

  function requireEngine(): void {
    if (reachable) return;
    throw new WsError("engine_unreachable", {
      message: "The engine does not answer.",
      data: { runtime: "docker" },
    });
  }

  async function enter(method: string, id?: WorkspaceId, signal?: AbortSignal): Promise<void> {
    requireEngine();
    await hook(method, id);
    signal?.throwIfAborted();
    requireEngine();
  }

  function publicPlace({ ended: _ended, ...place }: Place & { ended: AbortController }): Place {
    return { ...place };
  }

  function halt(id: WorkspaceId): void {
    const place = places.get(id);
    if (place?.power !== "running") return;
    place.power = "stopped";
    place.ended.abort();
    place.ended = new AbortController();
  }

  function requirePlace(id: WorkspaceId): Place & { ended: AbortController } {
    const place = places.get(id);
    if (place !== undefined) return place;
    throw new WsError("box_unavailable", { message: `There is no place ${id}.`, data: { workspace: id } });
  }

  return {
    name: "docker",
    showsObjects: true,
    async status() {
      await enter("status");
      return { runtime: "docker", isolation: "none", version: "fake", remarks: [], cpus: 4 };
    },
    recipes,
    async image(recipe, { id, report, signal }) {
      await enter("image", id, signal);
      recipes.push(recipe);
      report({ message: "made an image" });
      return `fake-image:${recipes.length}`;
    },
    async prepare({ report, signal }) {
      await enter("prepare", undefined, signal);
      report({ message: "prepared", percent: 100 });
    },
    async create(spec: PlaceSpec, signal) {
      await enter("create", spec.id, signal);
      const home = homes.get(spec.id) ?? createFakeHome(spec.id);
      if (spec.objects !== undefined) home.objects = spec.objects;
      homes.set(spec.id, home);
      const place = places.get(spec.id) ?? {
        id: spec.id,
        name: spec.name,
        handle: `fake-${++handles}`,
        power: "stopped",
        createdAt: options.now(),
        ended: new AbortController(),
      };
      if (!places.has(spec.id)) limited.set(spec.id, spec.limits);
      places.set(spec.id, place);
      return publicPlace(place);
    },
    async start(spec, signal) {
      await enter("start", spec.id, signal);
      const place = requirePlace(spec.id);
      place.power = "running";
      delete place.exit;
      return publicPlace(place);
    },
    async stop(id, stopOptions) {
      await enter("stop", id, stopOptions?.signal);
      halt(id);
    },
    async remove(id, signal) {
      await enter("remove", id, signal);
      halt(id);
      places.delete(id);
      homes.delete(id);
    },
    async abandon(id, signal) {
      await enter("abandon", id, signal);
      halt(id);
      places.delete(id);
    },
    async rename(id, name, signal) {
      await enter("rename", id, signal);
      const place = places.get(id);
      if (place !== undefined) place.name = name;
    },
    async limit({ id, limits }, signal) {
      await enter("limit", id, signal);
      if (places.has(id)) limited.set(id, limits);
    },
    limits: (id) => limited.get(id),
    async find(id, signal) {
      await enter("find", id, signal);
      const place = places.get(id);
      return place === undefined ? undefined : publicPlace(place);
    },
    async list(signal) {
      await enter("list", undefined, signal);
      return [...places.values()].map(publicPlace);
    },
    async homes(signal) {
      await enter("homes", undefined, signal);
      return [...homes.keys()];
    },
    async open(id, signal) {
      await enter("open", id, signal);
      const place = requirePlace(id);
      const home = homes.get(id);
      if (place.power !== "running" || home === undefined) {
        throw new WsError("box_unavailable", { message: `${id} does not run.`, data: { workspace: id } });
      }
      return options.openBox(home, place.ended.signal);
    },
    async usage(ids, signal) {
      await enter("usage", undefined, signal);
      const running = ids.filter((id) => places.get(id)?.power === "running");
      const idle = { cpu: { usedMs: 0, atMs: options.now() }, memoryBytes: 1_048_576, processes: 1 };
      return running.map((id) => ({ id, ...(used.get(id) ?? idle) }));
    },
    async *logs(id, { tail, after, follow = false, signal }) {
      await enter("logs", id, signal);
      const all = printed.get(id) ?? [];
      const encoder = new TextEncoder();
      let at = Math.max(after === undefined ? 0 : Number(after), tail === undefined ? 0 : all.length - tail);
      const place = places.get(id);
      const ended = place?.power === "running" ? place.ended.signal : AbortSignal.abort();
      const until = AbortSignal.any([ended, ...(signal === undefined ? [] : [signal])]);
      for (;;) {
        while (at < (printed.get(id)?.length ?? 0)) {
          const bytes = encoder.encode(`${printed.get(id)?.[at]}\n`);
          at += 1;
          yield { bytes, at: String(at) };
        }
        if (!reachable)
          throw new WsError("engine_lost", { message: "The engine is gone.", data: { runtime: "docker" } });
        if (!follow || until.aborted) return;
        const over = Promise.withResolvers<void>();
        until.addEventListener("abort", () => over.resolve(), { once: true });
        followers += 1;
        followed.resolve();
        await Promise.race([said.promise, over.promise]);
        followers -= 1;
        if (followers === 0) followed = Promise.withResolvers();
      }
    },
    async *events(signal) {
      const queue: RuntimeEvent[] = [];
      let wake = (): void => undefined;
      const listener = (event: RuntimeEvent): void => {
        queue.push(event);
        wake();
      };
      listeners.add(listener);
      signal.addEventListener("abort", () => wake(), { once: true });
      while (!signal.aborted) {
        const event = queue.shift();
        if (event !== undefined) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      listeners.delete(listener);
    },
    print(id, text) {
      printed.set(id, [...(printed.get(id) ?? []), text]);
      said.resolve();
      said = Promise.withResolvers();
    },
    followed: () => followed.promise,
    uses: (id, usage) => void used.set(id, usage),
    crash(id, exit) {
      const place = requirePlace(id);
      halt(id);
      place.exit = exit;
      for (const listener of listeners) listener({ type: "exited", id, exit });
    },
    setReachable(next) {
      reachable = next;
      if (!next) for (const id of places.keys()) halt(id);
      for (const listener of listeners) listener({ type: next ? "engine_back" : "engine_lost" });
    },
    intercept(next) {
      hook = next;
    },
  };
}
