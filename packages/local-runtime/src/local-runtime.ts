import { mkdir } from "node:fs/promises";
import type { Clock, Log, Runtime, WorkspaceId } from "@ws/workspace-core";
import { boxUnavailable } from "./box-errors.ts";
import type { User } from "./bubblewrap.ts";
import { fileError } from "./file-errors.ts";
import { remarksOf } from "./isolation.ts";
import { createOpenBoxes } from "./open-boxes.ts";
import { readPlaceLog } from "./place-log.ts";
import { pathsOf, writePlace, type PlacePaths, type PlaceRecord } from "./place.ts";
import { createPower } from "./power.ts";
import { createPromisedIsolation } from "./promised-isolation.ts";
import { createQueues } from "./queues.ts";
import { createRegistry, toPlace, unlessUnreadable } from "./registry.ts";
import { createUsageReader } from "./usage.ts";
import { readUser } from "./user.ts";
import { createWatch } from "./watch.ts";

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

/**
 * The runtime that needs nothing: a workspace is a directory, named by its id, and processes of this process's own user, in
 * bubblewrap where that works. What runs outlives this process.
 */
export function createLocalRuntime(options: LocalRuntimeOptions): Runtime {
  const { instance, directory, clock, log, user = readUser() } = options;
  const registry = createRegistry({ directory, instance, log });
  const queues = createQueues<WorkspaceId>();
  const isolation = createPromisedIsolation({
    directory,
    user,
    sandbox: options.sandbox ?? "auto",
    programs: options.programs ?? "/usr/bin:/bin:/usr/local/bin",
    hidden: options.hidden ?? [],
    readable: options.readable ?? [],
  });
  const boxes = createOpenBoxes({ isolation, user, path: options.path, clock });
  const power = createPower({ instance, clock, registry, isolation, boxes });
  const usage = createUsageReader(clock);
  const watch = createWatch({ registry, boxes, clock, isChanging: queues.isBusy });

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

  return {
    name: "local",
    showsObjects: true,
    async status() {
      const found = await isolation.found();
      return { runtime: "local", isolation: found.kind, version: "", remarks: remarksOf(found, user, directory) };
    },
    async prepare({ report, signal }) {
      signal?.throwIfAborted();
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
        throw fileError(error, directory);
      });
      const found = await isolation.found();
      report({ message: found.kind === "sandbox" ? "The sandbox works" : `No sandbox: ${found.reason}`, percent: 100 });
    },
    create: (spec, signal) => alone(spec.id, signal, async (paths) => toPlace(await power.create(spec, paths))),
    start: (spec, signal) =>
      alone(spec.id, signal, async (paths) => toPlace(await power.start(paths, await require(paths), signal))),
    stop: (id, { graceMs = STOP_GRACE_MS, signal } = {}) =>
      change(id, signal, (paths, record) => power.stop(paths, record, graceMs, signal)),
    remove: (id, signal) => alone(id, signal, (paths) => power.remove(paths, signal)),
    abandon: (id, signal) => change(id, signal, (paths, record) => power.abandon(paths, record, STOP_GRACE_MS, signal)),
    rename: (id, name, signal) =>
      change(id, signal, async (paths, record) => {
        if (record.name !== name) await writePlace(paths, { ...record, name });
      }),
    async limit(_spec, signal) {
      // Nothing here would keep them, and none are accepted for it.
      signal?.throwIfAborted();
    },
    async find(id, signal) {
      signal?.throwIfAborted();
      return registry.place(pathsOf(directory, id));
    },
    async list(signal) {
      signal?.throwIfAborted();
      const all = await registry.all();
      const places = await Promise.all(all.map((paths) => unlessUnreadable(registry.place(paths))));
      return places.filter((place) => place !== undefined).sort((a, b) => a.createdAt - b.createdAt);
    },
    async homes(signal) {
      signal?.throwIfAborted();
      const all = await registry.all();
      const kept = await Promise.all(all.map((paths) => unlessUnreadable(registry.hasHome(paths))));
      return all.filter((_paths, index) => kept[index]).map(({ id }) => id);
    },
    open: (id, signal) => alone(id, signal, async (paths) => boxes.open(paths, await require(paths))),
    async usage(ids, signal) {
      signal?.throwIfAborted();
      const records = await Promise.all(ids.map((id) => unlessUnreadable(registry.read(pathsOf(directory, id)))));
      const held = records.flatMap((record) => {
        if (record?.power !== "running" || record.holder === undefined) return [];
        return { id: record.id, state: pathsOf(directory, record.id).state, holder: record.holder };
      });
      return usage.read(held);
    },
    async *logs(id, { follow, signal, ...which }) {
      const paths = pathsOf(directory, id);
      if ((await registry.place(paths)) === undefined) return;
      yield* readPlaceLog(paths.log, which);
      // A directory and its processes print nothing of their own: what follows is nothing, until the place ends.
      if (follow === true) await watch.untilEnded(paths, signal);
    },
    events: watch.exits,
  };
}
