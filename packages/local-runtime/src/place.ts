import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isWsError, WsError, type Isolation, type WorkspaceId } from "@ws/workspace-core";
import { codeOf, fileError } from "./file-errors.ts";

/** Where one workspace lies. What its processes may write is apart from what the runtime writes down. */
export interface PlacePaths {
  readonly id: WorkspaceId;
  /** The workspace's directory, which is its repository. */
  readonly workspace: string;
  /** The hidden directory beside it, of which a sandbox shows only home, tmp and run. */
  readonly state: string;
  readonly home: string;
  readonly tmp: string;
  readonly run: string;
  /** One file for each process that runs, by the name of its group. */
  readonly groups: string;
  /** What is written down about the place. */
  readonly file: string;
  readonly log: string;
}

/** The first process of a running place. While it lives the place runs; in a sandbox everything else ends with it. */
export interface Holder {
  /** As the worker counts. */
  readonly pid: number;
  /** In clock ticks since boot: tells the process from a later one with its number. */
  readonly startTime: string;
  /** The sandbox's process namespace, as /proc names it. */
  readonly namespace?: string;
}

/** What is written down about a place. */
export interface PlaceRecord {
  readonly version: 1;
  readonly id: WorkspaceId;
  readonly instance: string;
  readonly name: string;
  readonly createdAt: number;
  /** What it was asked to be. An abandoned place is none any more; its directories are somebody's work. */
  readonly power: "running" | "stopped" | "abandoned";
  /** The least isolation it was promised. */
  readonly isolation: Isolation;
  /** A directory of the worker's that it may read. */
  readonly objects?: string;
  readonly holder?: Holder;
}

const ID_PATTERN = /^ws-[A-Za-z0-9][A-Za-z0-9_-]*$/;

/** Throws `invalid_input` for what cannot be an id, because it becomes a path. */
export function pathsOf(directory: string, id: WorkspaceId): PlacePaths {
  if (!ID_PATTERN.test(id)) {
    throw new WsError("invalid_input", { message: `'${id}' is not the id of a workspace.`, data: { field: "id" } });
  }
  const state = join(directory, `.${id}`);
  return {
    id,
    workspace: join(directory, id),
    state,
    home: join(state, "home"),
    tmp: join(state, "tmp"),
    run: join(state, "run"),
    groups: join(state, "groups"),
    file: join(state, "place.json"),
    log: join(state, "log"),
  };
}

/** The place that a path within it is part of; undefined where the path is of no such place. */
export function placeAround(path: string, id: WorkspaceId): PlacePaths | undefined {
  const parts = path.split("/");
  const at = parts.findIndex((part) => part === id || part === `.${id}`);
  return at === -1 ? undefined : pathsOf(parts.slice(0, at).join("/") || "/", id);
}

/** The id that a name in the workspaces' directory belongs to. */
export function idOf(name: string): WorkspaceId | undefined {
  const id = name.startsWith(".") ? name.slice(1) : name;
  return ID_PATTERN.test(id) ? (id as WorkspaceId) : undefined;
}

/** Makes the directories that are missing; existing ones keep their content. */
export async function makeDirectories(paths: PlacePaths): Promise<void> {
  try {
    for (const path of [paths.home, paths.tmp, paths.run, paths.groups, paths.workspace]) {
      await mkdir(path, { recursive: true, mode: 0o700 });
    }
  } catch (error) {
    throw fileError(error, paths.state);
  }
}

/** Nothing where the place is not written down; `state_corrupt` where what is written cannot be read. */
export async function readPlace(paths: PlacePaths): Promise<PlaceRecord | undefined> {
  let text: string;
  try {
    text = await readFile(paths.file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw fileError(error, paths.file);
  }
  try {
    const record = JSON.parse(text) as PlaceRecord;
    if (record.version === 1 && record.id === paths.id) return record;
  } catch {
    // Said below.
  }
  throw new WsError("state_corrupt", {
    message: `What is written about ${paths.id} in ${paths.file} cannot be read.`,
    next: `Restore the file, or delete the workspace.`,
    data: { file: paths.file },
  });
}

/** Whole or not at all, also when the power fails. */
export async function writePlace(paths: PlacePaths, record: PlaceRecord): Promise<void> {
  const beside = `${paths.file}.${randomBytes(6).toString("hex")}`;
  try {
    await mkdir(paths.state, { recursive: true, mode: 0o700 });
    {
      await using file = await open(beside, "wx", 0o600);
      await file.writeFile(`${JSON.stringify(record, null, 2)}\n`);
      await file.sync();
    }
    await rename(beside, paths.file);
    await using directory = await open(dirname(paths.file), "r");
    await directory.sync();
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw fileError(error, paths.file);
  }
}

/** A full disk keeps nobody from ending what is on it: then it is only done, and not first written down. */
export async function writeWish(paths: PlacePaths, record: PlaceRecord): Promise<void> {
  await writePlace(paths, record).catch((error: unknown) => {
    if (!isWsError(error, "disk_full")) throw error;
  });
}
