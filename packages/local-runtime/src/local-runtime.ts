import { mkdir } from "node:fs/promises";
import {
  WsError,
  type Box,
  type Clock,
  type Log,
  type PlaceSpec,
  type Runtime,
  type RuntimeEvent,
  type WorkspaceId,
} from "@ws/workspace-core";
import { boxUnavailable } from "./box-errors.ts";
import type { User } from "./bubblewrap.ts";
import { endPlace } from "./end-place.ts";
import { fileError } from "./file-errors.ts";
import { belongsTo, createGroups } from "./groups.ts";
import { holdPlainly, isHeld } from "./holder.ts";
import { chooseIsolation, remarksOf, type LocalIsolation } from "./isolation.ts";
import { openBox } from "./open-box.ts";
import { readPlaceLog } from "./place-log.ts";
import {
  makeDirectories,
  pathsOf,
  writePlace,
  writeWish,
  type Holder,
  type PlacePaths,
  type PlaceRecord,
} from "./place.ts";
import { createQueues } from "./queues.ts";
import { createRegistry, ENDED, toPlace } from "./registry.ts";
import { removeTree } from "./remove-tree.ts";
import { readUser } from "./user.ts";

export interface LocalRuntimeOptions {
  /** The worker's id: places of another worker in the same directory are left alone. */
  instance: string;
  /** Where workspaces lie: an absolute path. Made with mode 0700 where it does not exist. */
  directory: string;
  clock: Clock;
  log: Log;
  /** `auto` (the default) uses bubblewrap where it works, `bubblewrap` refuses to work without, `none` never uses it. */
  sandbox?: "auto" | "bubblewrap" | "none";
  /** Directories that no sandbox may show, such as the worker's settings, where they lie below a system directory. */
  hidden?: readonly string[];
  /** Directories that every sandbox shows read-only besides the system's. */
  readable?: readonly string[];
  /** The PATH of processes; the usual system directories where absent. */
  path?: string;
  /** Where bubblewrap is looked for, as in PATH; the usual system directories where absent. */
  programs?: string;
  user?: User;
}

const STOP_GRACE_MS = 5_000;
const WATCH_MS = 500;

/**
 * The runtime that needs nothing: a workspace is a directory, named by its id, and processes of this process's own user, in
 * bubblewrap where that works. What runs outlives this process.
 */
export function createLocalRuntime(options: LocalRuntimeOptions): Runtime {
  const { instance, directory, clock, log, user = readUser() } = options;
  const registry = createRegistry({ directory, instance, log });
  const queues = createQueues<WorkspaceId>();
  const boxes = new Map<WorkspaceId, Set<Box>>();
  let chosen: Promise<LocalIsolation> | undefined;

  function isolation(): Promise<LocalIsolation> {
    if (chosen !== undefined) return chosen;
    const mine = chooseIsolation({
      directory,
      user,
      sandbox: options.sandbox ?? "auto",
      programs: options.programs ?? "/usr/bin:/bin:/usr/local/bin",
      hidden: options.hidden ?? [],
      readable: options.readable ?? [],
    });
    chosen = mine;
    mine.catch(() => {
      chosen = undefined;
    });
    return mine;
  }

  /** One change of a place at a time. */
  async function alone<T>(
    id: WorkspaceId,
    signal: AbortSignal | undefined,
    work: (paths: PlacePaths) => Promise<T>,
  ): Promise<T> {
    const paths = pathsOf(directory, id);
    return queues.run(id, async () => {
      signal?.throwIfAborted();
      return work(paths);
    });
  }

  /** Does nothing where there is no such place, or it is another worker's. */
  async function change(
    id: WorkspaceId,
    signal: AbortSignal | undefined,
    work: (paths: PlacePaths, record: PlaceRecord) => Promise<void>,
  ): Promise<void> {
    await alone(id, signal, async (paths) => {
      const record = await registry.read(paths);
      if (record !== undefined && record.power !== "abandoned") await work(paths, record);
    });
  }

  async function require(paths: PlacePaths): Promise<PlaceRecord> {
    const record = await registry.read(paths);
    if (record !== undefined && record.power !== "abandoned") return record;
    throw boxUnavailable(paths.id, "there is no such place");
  }

  async function halt(
    paths: PlacePaths,
    holder: Holder | undefined,
    graceMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    await closeBoxes(paths.id);
    const groups = createGroups(paths.groups, belongsTo(paths.state, holder));
    if (await endPlace({ paths, holder, groups, graceMs, clock, ...(signal === undefined ? {} : { signal }) })) return;
    throw new WsError("internal", {
      message: `Processes of ${paths.id} are still there after SIGKILL.`,
      next: "They wait for a device or belong to another user; end them and try again.",
      data: {},
    });
  }

  async function closeBoxes(id: WorkspaceId): Promise<void> {
    const open = boxes.get(id) ?? [];
    boxes.delete(id);
    await Promise.all([...open].map((box) => box[Symbol.asyncDispose]()));
  }

  async function create(spec: PlaceSpec, paths: PlacePaths): Promise<PlaceRecord> {
    if (await registry.isForeign(paths)) throw boxUnavailable(spec.id, "another worker's workspace has this id");
    const known = await registry.read(paths);
    const { kind } = await isolation();
    const fresh: PlaceRecord = {
      version: 1,
      id: spec.id,
      instance,
      name: spec.name,
      createdAt: clock.now(),
      power: "stopped",
      isolation: kind,
    };
    const kept = known === undefined || known.power === "abandoned" ? fresh : known;
    const { objects = kept.objects } = spec;
    const record = objects === kept.objects || objects === undefined ? kept : { ...kept, objects };
    // First what names the owner: a directory without it is one that was cut off in between.
    if (record !== known) await writePlace(paths, record);
    await makeDirectories(paths);
    return record;
  }

  async function start(paths: PlacePaths, record: PlaceRecord, signal?: AbortSignal): Promise<PlaceRecord> {
    if (record.power === "running" && record.holder !== undefined && isHeld(record.holder)) return record;
    const found = await requireIsolation(record);
    // What a crash in the middle of a stop left, or what outlived its first process.
    await halt(paths, record.holder, 0, signal);
    await makeDirectories(paths);
    const { holder: _old, ...rest } = record;
    let started = record;
    const write = async (holder: Holder): Promise<void> => {
      started = { ...rest, power: "running", holder };
      await writePlace(paths, started);
    };
    try {
      if (found.kind === "sandbox") await found.sandbox.hold(paths, write);
      else await holdPlainly(paths, write);
    } catch (error) {
      await writePlace(paths, { ...rest, power: "stopped" });
      throw error;
    }
    return started;
  }

  /** What was made in a sandbox never runs without one, unless somebody decided so. */
  async function requireIsolation(record: PlaceRecord): Promise<LocalIsolation> {
    const found = await isolation();
    if (record.isolation !== "sandbox" || found.kind === "sandbox" || options.sandbox === "none") return found;
    throw new WsError("runtime_unavailable", {
      message: `${record.name} was made in a sandbox, and now there is none: ${found.reason}.`,
      next: "Make bubblewrap work again, or switch the sandbox off to run it without.",
      data: { runtime: "local" },
    });
  }

  async function open(paths: PlacePaths, record: PlaceRecord): Promise<Box> {
    const { id } = paths;
    const { holder } = record;
    if (record.power !== "running" || holder === undefined || !isHeld(holder)) {
      throw boxUnavailable(id, "it does not run", `Start it: ws start ${record.name}.`);
    }
    const found = await requireIsolation(record);
    const sandbox = found.kind === "sandbox" ? found.sandbox : undefined;
    const box = await openBox({ paths, holder, sandbox, user, path: options.path, clock, objects: record.objects });
    const all = boxes.get(id) ?? new Set();
    boxes.set(id, all.add(box));
    void box.closed.then(() => all.delete(box));
    return box;
  }

  async function exits(reported: Map<WorkspaceId, number>): Promise<RuntimeEvent[]> {
    const events: RuntimeEvent[] = [];
    for (const paths of await registry.all()) {
      const record = await registry.read(paths).catch(nothingForNow);
      if (record?.power !== "running" || record.holder === undefined || isHeld(record.holder)) continue;
      // A change that is under way explains it.
      if (reported.get(paths.id) === record.holder.pid || queues.isBusy(paths.id)) continue;
      reported.set(paths.id, record.holder.pid);
      await closeBoxes(paths.id);
      events.push({ type: "exited", id: paths.id, exit: { ...ENDED } });
    }
    return events;
  }

  return {
    name: "local",
    showsObjects: true,
    async status() {
      const found = await isolation();
      return { runtime: "local", isolation: found.kind, version: "", remarks: remarksOf(found, user, directory) };
    },
    async prepare({ report, signal }) {
      signal?.throwIfAborted();
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
        throw fileError(error, directory);
      });
      const found = await isolation();
      report({ message: found.kind === "sandbox" ? "The sandbox works" : `No sandbox: ${found.reason}`, percent: 100 });
    },
    create: (spec, signal) => alone(spec.id, signal, async (paths) => toPlace(await create(spec, paths))),
    start: (spec, signal) =>
      alone(spec.id, signal, async (paths) => toPlace(await start(paths, await require(paths), signal))),
    stop: (id, { graceMs = STOP_GRACE_MS, signal } = {}) =>
      change(id, signal, async (paths, record) => {
        // First what is wanted: after a crash in the middle the next stop or start ends what is left.
        if (record.power !== "stopped") await writeWish(paths, { ...record, power: "stopped" });
        await halt(paths, record.holder, graceMs, signal);
      }),
    remove: (id, signal) =>
      alone(id, signal, async (paths) => {
        if (await registry.isForeign(paths)) return;
        const record = await registry.read(paths);
        if (record?.power === "running") await writeWish(paths, { ...record, power: "stopped" });
        await halt(paths, record?.holder, 0, signal);
        try {
          // Last what names the owner, so that a removal that was cut off is found and finished.
          const { workspace, home, tmp, run, groups, log: printed, file, state } = paths;
          for (const path of [workspace, home, tmp, run, groups, printed, file, state]) await removeTree(path, signal);
        } catch (error) {
          throw fileError(error, paths.state);
        }
      }),
    abandon: (id, signal) =>
      change(id, signal, async (paths, record) => {
        await halt(paths, record.holder, STOP_GRACE_MS, signal);
        const { holder: _ended, ...rest } = record;
        await writePlace(paths, { ...rest, power: "abandoned" });
      }),
    rename: (id, name, signal) =>
      change(id, signal, async (paths, record) => {
        if (record.name !== name) await writePlace(paths, { ...record, name });
      }),
    async find(id, signal) {
      signal?.throwIfAborted();
      return registry.place(pathsOf(directory, id));
    },
    async list(signal) {
      signal?.throwIfAborted();
      const all = await registry.all();
      const places = await Promise.all(all.map((paths) => registry.place(paths).catch(nothingForNow)));
      return places.filter((place) => place !== undefined).sort((a, b) => a.createdAt - b.createdAt);
    },
    async homes(signal) {
      signal?.throwIfAborted();
      const all = await registry.all();
      const kept = await Promise.all(all.map((paths) => registry.hasHome(paths).catch(nothingForNow)));
      return all.filter((_paths, index) => kept[index]).map(({ id }) => id);
    },
    open: (id, signal) => alone(id, signal, async (paths) => open(paths, await require(paths))),
    async *logs(id, { follow, signal, ...which }) {
      const paths = pathsOf(directory, id);
      if ((await registry.place(paths)) === undefined) return;
      yield* readPlaceLog(paths.log, which);
      // A directory and its processes print nothing of their own: what follows is nothing, until the place ends.
      while (follow === true && signal?.aborted !== true && (await registry.place(paths))?.power === "running") {
        await clock.sleep(WATCH_MS, signal).catch(() => undefined);
      }
    },
    async *events(signal) {
      const reported = new Map<WorkspaceId, number>();
      while (!signal.aborted) {
        yield* await exits(reported);
        await clock.sleep(WATCH_MS, signal).catch(() => undefined);
      }
    },
  };
}

/** One place that cannot be read now, of which the registry tells, holds up no other. */
function nothingForNow(): undefined {
  return undefined;
}
