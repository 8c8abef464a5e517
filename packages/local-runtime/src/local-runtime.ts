import { createReadStream } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import {
  WsError,
  type Box,
  type ByteSource,
  type Clock,
  type Log,
  type Place,
  type PlaceSpec,
  type Runtime,
  type RuntimeEvent,
  type WorkspaceId,
} from "@ws/workspace-core";
import { boxUnavailable } from "./box-errors.ts";
import type { User } from "./bubblewrap.ts";
import type { Mount } from "./contained-path.ts";
import { endPlace } from "./end-place.ts";
import { openEntrance } from "./entrance.ts";
import { fileError } from "./file-errors.ts";
import { belongsTo, createGroups, type Groups } from "./groups.ts";
import { holdPlainly, isHeld, PLACE_MARK } from "./holder.ts";
import { chooseIsolation, remarksOf, type LocalIsolation } from "./isolation.ts";
import {
  idOf,
  makeDirectories,
  pathsOf,
  readPlace,
  writePlace,
  type Holder,
  type PlacePaths,
  type PlaceRecord,
} from "./place.ts";
import { createProcessBox } from "./process-box.ts";
import { loadPtyLibrary } from "./pty.ts";
import { removeTree } from "./remove-tree.ts";
import { cleanEnvironment, readUser } from "./user.ts";

export interface LocalRuntimeOptions {
  /** The worker's id: places of another worker in the same directory are left alone. */
  instance: string;
  /** Where workspaces lie. Made with mode 0700 where it does not exist. */
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
  /** Where bubblewrap is looked for; the usual system directories where absent. */
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
  const boxes = new Map<WorkspaceId, Set<Box>>();
  const queues = new Map<WorkspaceId, Promise<unknown>>();
  let chosen: Promise<LocalIsolation> | undefined;

  function isolation(): Promise<LocalIsolation> {
    chosen ??= chooseIsolation({
      directory,
      user,
      sandbox: options.sandbox ?? "auto",
      programs: options.programs ?? "/usr/bin:/bin:/usr/local/bin",
      hidden: options.hidden ?? [],
      readable: options.readable ?? [],
    });
    chosen.catch(() => {
      chosen = undefined;
    });
    return chosen;
  }

  /** One change of a place at a time. */
  async function alone<T>(
    id: WorkspaceId,
    signal: AbortSignal | undefined,
    work: (paths: PlacePaths) => Promise<T>,
  ): Promise<T> {
    const before = queues.get(id) ?? Promise.resolve();
    const mine = before.then(async () => {
      signal?.throwIfAborted();
      return work(pathsOf(directory, id));
    });
    const settled = mine.catch(() => undefined);
    queues.set(id, settled);
    try {
      return await mine;
    } finally {
      if (queues.get(id) === settled) queues.delete(id);
    }
  }

  /** What is written down, if it is ours. */
  async function ours(paths: PlacePaths): Promise<PlaceRecord | undefined> {
    const record = await readPlace(paths).catch((error: unknown) => {
      log.warn("a place's record cannot be read", { workspace: paths.id, error });
      return undefined;
    });
    return record?.instance === instance ? record : undefined;
  }

  async function isForeign(paths: PlacePaths): Promise<boolean> {
    const record = await readPlace(paths).catch(() => undefined);
    return record !== undefined && record.instance !== instance;
  }

  function groupsOf(paths: PlacePaths, holder: Holder | undefined): Groups {
    return createGroups(paths.groups, belongsTo(paths.state, holder?.namespace));
  }

  async function closeBoxes(id: WorkspaceId): Promise<void> {
    const open = boxes.get(id) ?? [];
    boxes.delete(id);
    await Promise.all([...open].map((box) => box[Symbol.asyncDispose]()));
  }

  async function halt(
    paths: PlacePaths,
    record: PlaceRecord | undefined,
    graceMs: number,
    signal?: AbortSignal,
  ): Promise<void> {
    await closeBoxes(paths.id);
    const holder = record?.holder;
    const ended = await endPlace({
      paths,
      holder,
      groups: groupsOf(paths, holder),
      graceMs,
      clock,
      ...(signal === undefined ? {} : { signal }),
    });
    if (ended) return;
    throw new WsError("internal", {
      message: `Processes of ${paths.id} are still there after SIGKILL.`,
      next: "They wait for a device or belong to another user; end them and try again.",
      data: {},
    });
  }

  async function withPlace(
    id: WorkspaceId,
    signal: AbortSignal | undefined,
    work: (paths: PlacePaths, record: PlaceRecord) => Promise<void>,
  ): Promise<void> {
    await alone(id, signal, async (paths) => {
      const record = await ours(paths);
      if (record !== undefined && record.power !== "abandoned") await work(paths, record);
    });
  }

  async function entries(): Promise<PlacePaths[]> {
    const names = await readdir(directory).catch((error: unknown) => {
      const failure = fileError(error, directory);
      if (failure.code === "file_not_found") return [];
      throw failure;
    });
    const ids = new Set(names.flatMap((name) => idOf(name) ?? []));
    return [...ids].map((id) => pathsOf(directory, id));
  }

  /** The half-made and half-removed count as stopped: they have a place's directory, without what is written first and removed last. */
  async function placeAt(paths: PlacePaths): Promise<Place | undefined> {
    const record = await ours(paths);
    if (record !== undefined) return record.power === "abandoned" ? undefined : toPlace(record);
    if (await isForeign(paths)) return undefined;
    const found = await stat(paths.state).catch(() => undefined);
    if (found === undefined) return undefined;
    return {
      id: paths.id,
      name: paths.id,
      handle: paths.id,
      power: "stopped",
      createdAt: Math.round(found.birthtimeMs),
    };
  }

  async function create(spec: PlaceSpec, paths: PlacePaths): Promise<PlaceRecord> {
    if (await isForeign(paths)) throw boxUnavailable(spec.id, "another worker's workspace has this id");
    const known = await ours(paths);
    const record: PlaceRecord =
      known !== undefined && known.power !== "abandoned"
        ? known
        : {
            version: 1,
            id: spec.id,
            instance,
            name: spec.name,
            createdAt: clock.now(),
            power: "stopped",
            isolation: (await isolation()).kind,
          };
    if (record !== known) await writePlace(paths, record);
    await makeDirectories(paths);
    return record;
  }

  async function start(paths: PlacePaths, record: PlaceRecord, signal?: AbortSignal): Promise<PlaceRecord> {
    if (record.power === "running" && record.holder !== undefined && isHeld(record.holder)) return record;
    const kind = await requireIsolation(record);
    // What a crash in the middle of a stop left, or what outlived its first process.
    await halt(paths, record, 0, signal);
    await makeDirectories(paths);
    const { holder: _old, ...rest } = record;
    let started: PlaceRecord = { ...rest, power: "running" };
    const write = async (holder: Holder): Promise<void> => {
      started = { ...rest, power: "running", holder };
      await writePlace(paths, started);
    };
    try {
      if (kind.kind === "sandbox") await kind.sandbox.hold(paths, write);
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
      message: `${record.name} was made in a sandbox, and now ${found.reason}.`,
      next: "Make bubblewrap work again, or switch the sandbox off to run it without.",
      data: { runtime: "local" },
    });
  }

  async function openBox(paths: PlacePaths, record: PlaceRecord, holder: Holder): Promise<Box> {
    const found = await requireIsolation(record);
    // A place that was started without a sandbox has no namespace to enter; the next start gives it one.
    const sandbox = found.kind === "sandbox" && holder.namespace !== undefined ? found.sandbox : undefined;
    const tmp = sandbox === undefined ? paths.tmp : "/tmp";
    const run = sandbox === undefined ? paths.run : "/run/ws";
    const mounts: Mount[] = [
      { inside: tmp, outside: paths.tmp },
      { inside: run, outside: paths.run },
      { inside: paths.workspace, outside: paths.workspace },
      { inside: paths.home, outside: paths.home },
    ];
    const box = createProcessBox({
      paths,
      user,
      mounts,
      environment: cleanEnvironment({
        paths,
        user,
        tmp,
        run,
        ...(options.path === undefined ? {} : { path: options.path }),
      }),
      entrance:
        sandbox === undefined ? openEntrance([PLACE_MARK, paths.state]) : await sandbox.enter(paths, mounts, holder),
      groups: groupsOf(paths, holder),
      clock,
      namespace: sandbox === undefined ? undefined : holder.namespace,
      pty: await loadPtyLibrary(),
    });
    const open = boxes.get(paths.id) ?? new Set();
    boxes.set(paths.id, open.add(box));
    void box.closed.then(() => open.delete(box));
    return box;
  }

  async function reportExits(reported: Map<WorkspaceId, number>): Promise<RuntimeEvent[]> {
    const events: RuntimeEvent[] = [];
    for (const paths of await entries()) {
      const record = await ours(paths);
      if (record?.power !== "running" || record.holder === undefined || isHeld(record.holder)) continue;
      if (reported.get(paths.id) === record.holder.pid) continue;
      reported.set(paths.id, record.holder.pid);
      // A stop or start that is under way explains it.
      if (queues.has(paths.id)) continue;
      await closeBoxes(paths.id);
      events.push({ type: "exited", id: paths.id, exit: ENDED });
    }
    return events;
  }

  return {
    name: "local",
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
      alone(spec.id, signal, async (paths) => {
        const record = await ours(paths);
        if (record === undefined || record.power === "abandoned")
          throw boxUnavailable(spec.id, "there is no such place");
        return toPlace(await start(paths, record, signal));
      }),
    stop: (id, { graceMs = STOP_GRACE_MS, signal } = {}) =>
      withPlace(id, signal, async (paths, record) => {
        // First what is wanted, so that a crash in the middle leaves a stopped place whose processes the next stop or start ends.
        if (record.power !== "stopped") await writePlace(paths, { ...record, power: "stopped" });
        await halt(paths, record, graceMs, signal);
      }),
    remove: (id, signal) =>
      alone(id, signal, async (paths) => {
        if (await isForeign(paths)) return;
        const record = await ours(paths);
        if (record?.power === "running") await writePlace(paths, { ...record, power: "stopped" });
        await halt(paths, record, 0, signal);
        try {
          for (const path of [paths.workspace, paths.home, paths.tmp, paths.run, paths.groups, paths.log]) {
            await removeTree(path, signal);
          }
          // Last what names the owner, so that a removal that was cut off is found and finished.
          await removeTree(paths.state, signal);
        } catch (error) {
          throw fileError(error, paths.state);
        }
      }),
    abandon: (id, signal) =>
      withPlace(id, signal, async (paths, record) => {
        await halt(paths, record, STOP_GRACE_MS, signal);
        const { holder: _ended, ...rest } = record;
        await writePlace(paths, { ...rest, power: "abandoned" });
      }),
    rename: (id, name, signal) =>
      withPlace(id, signal, async (paths, record) => {
        if (record.name !== name) await writePlace(paths, { ...record, name });
      }),
    async find(id, signal) {
      signal?.throwIfAborted();
      return placeAt(pathsOf(directory, id));
    },
    async list(signal) {
      signal?.throwIfAborted();
      const places = await Promise.all((await entries()).map(placeAt));
      return places.filter((place) => place !== undefined).sort((a, b) => a.createdAt - b.createdAt);
    },
    async homes(signal) {
      signal?.throwIfAborted();
      const found = await Promise.all(
        (await entries()).map(async (paths) => {
          if (await isForeign(paths)) return [];
          const exists = await Promise.all(
            [stat(paths.home), stat(paths.workspace)].map((each) =>
              each.then(
                () => true,
                () => false,
              ),
            ),
          );
          return exists.includes(true) ? [paths.id] : [];
        }),
      );
      return found.flat();
    },
    open: (id, signal) =>
      alone(id, signal, async (paths) => {
        const record = await ours(paths);
        if (record === undefined || record.power === "abandoned") throw boxUnavailable(id, "there is no such place");
        const { holder } = record;
        if (record.power === "running" && holder !== undefined && isHeld(holder)) return openBox(paths, record, holder);
        throw boxUnavailable(id, "it does not run", `Start it: ws start ${record.name}.`);
      }),
    logs: (id, { tail, follow, signal }) => readLog(id, { tail, follow, signal }),
    async *events(signal) {
      const reported = new Map<WorkspaceId, number>();
      while (!signal.aborted) {
        yield* await reportExits(reported);
        await clock.sleep(WATCH_MS, signal).catch(() => undefined);
      }
    },
  };

  async function* readLog(
    id: WorkspaceId,
    {
      tail,
      follow,
      signal,
    }: { tail: number | undefined; follow: boolean | undefined; signal: AbortSignal | undefined },
  ): ByteSource {
    const paths = pathsOf(directory, id);
    if ((await placeAt(paths)) === undefined) return;
    yield* lastLines(paths.log, tail);
    // A directory and its processes print nothing themselves; what follows is nothing until the place is gone.
    while (follow === true && signal?.aborted !== true && (await placeAt(paths))?.power === "running") {
      await clock.sleep(WATCH_MS, signal).catch(() => undefined);
    }
  }
}

// Its first process never ends by itself: whoever killed it, or the kernel, left no other trace.
const ENDED = { code: 137, oom: false };

function toPlace(record: PlaceRecord): Place {
  const { id, name, createdAt, holder } = record;
  const place = { id, name, handle: id, createdAt };
  if (record.power !== "running") return { ...place, power: "stopped" };
  if (holder !== undefined && isHeld(holder)) return { ...place, power: "running" };
  return { ...place, power: "stopped", exit: ENDED };
}

async function* lastLines(file: string, tail: number | undefined): ByteSource {
  const parts: Buffer[] = [];
  try {
    for await (const part of createReadStream(file)) parts.push(part as Buffer);
  } catch {
    return;
  }
  const text = Buffer.concat(parts);
  if (tail === undefined) {
    if (text.length > 0) yield text;
    return;
  }
  const lines = text.toString().split("\n");
  const kept = lines.slice(Math.max(0, lines.length - 1 - tail)).join("\n");
  if (kept !== "" && tail > 0) yield Buffer.from(kept);
}
