import type { ConfinedFiles } from "../../confined.ts";
import { isWsError, toWsError, WsError } from "../../errors.ts";
import { relativePath } from "../../policy/relative-path.ts";
import { readWhole, type WholeText } from "../read-whole.ts";
import { applyHunks } from "./apply-hunks.ts";
import { parsePatch, type FilePatch } from "./parse-patch.ts";
import { patchFailed } from "./patch-failed.ts";

export interface PatchedFile {
  path: string;
  change: "created" | "changed" | "removed" | "renamed";
  /** The path before it was renamed. */
  from?: string;
  additions: number;
  deletions: number;
}

/** A file as the patch leaves it, and as it was found. */
interface Change extends PatchedFile {
  old?: WholeText;
  text?: string;
  mode?: number;
}

/**
 * Applies a unified diff whole or not at all: every file is read and every hunk tried before the first byte is written, each file is
 * written only over what was read, and where one fails those before it get their content back. Throws `patch_check_failed`,
 * `patch_applied_in_part` where that cannot be had, and what files throw.
 */
export async function applyPatch(
  files: ConfinedFiles,
  patch: string,
  {
    dryRun = false,
    demand = () => undefined,
    signal,
  }: {
    dryRun?: boolean;
    /** Throws for a path that must not be changed: told before anything is, and when nothing is to be. */
    demand?: (path: string) => void;
    signal?: AbortSignal;
  } = {},
): Promise<PatchedFile[]> {
  const changes: Change[] = [];
  for (const file of parsePatch(patch)) {
    for (const path of [file.from, file.to]) if (path !== undefined) demand(path);
    changes.push(await prepare(files, file, changes, signal));
  }
  if (!dryRun) await writeAll(files, changes, signal);
  return changes.map(({ old: _old, text: _text, mode: _mode, ...told }) => told);
}

async function prepare(
  files: ConfinedFiles,
  file: FilePatch,
  others: readonly Change[],
  signal?: AbortSignal,
): Promise<Change> {
  const from = file.from === undefined ? undefined : relativePath(file.from);
  const to = file.to === undefined ? undefined : relativePath(file.to);
  const path = to ?? from ?? "";
  if (
    others.some((other) =>
      [other.path, other.from].some((taken) => taken === path || (taken !== undefined && taken === from)),
    )
  ) {
    throw patchFailed("it changes this file twice", { path });
  }
  const mode = file.mode === undefined ? {} : { mode: file.mode };
  if (from === undefined) {
    await requireAbsent(files, path, signal);
    const { text, ...counts } = applyHunks(path, "", file.hunks);
    return { path, change: "created", text, ...counts, ...mode };
  }
  const old = await readWhole(files, from, signal).catch((error: unknown) => {
    throw isWsError(error, "file_not_found") ? patchFailed("there is no such file", { path: from }) : error;
  });
  const { text, ...counts } = applyHunks(from, old.text, file.hunks);
  if (to === undefined) {
    if (text !== "") throw patchFailed("it removes this file, which holds more than the patch says", { path });
    return { path, change: "removed", old, ...counts };
  }
  if (to === from) return { path, change: "changed", old, text, ...counts, ...mode };
  await requireAbsent(files, to, signal);
  return { path, change: "renamed", from, old, text, mode: file.mode ?? old.mode, ...counts };
}

async function requireAbsent(files: ConfinedFiles, path: string, signal?: AbortSignal): Promise<void> {
  const there = await files.stat(path, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    if (isWsError(error, "file_not_found") || isWsError(error, "not_a_directory")) return undefined;
    throw error;
  });
  if (there !== undefined) throw patchFailed("it makes this file, and there is one already", { path });
}

async function writeAll(files: ConfinedFiles, changes: readonly Change[], signal?: AbortSignal): Promise<void> {
  const undo = new AsyncDisposableStack();
  try {
    for (const change of changes) await writeOne(files, change, undo, signal);
  } catch (error) {
    // Taken back without the signal: whoever gave up must not be left with half of it.
    await undo.disposeAsync().catch((failure: unknown) => {
      throw appliedInPart(error, failure);
    });
    throw error;
  }
}

/** Somebody wrote there meanwhile, or took the room that was to be had. */
function appliedInPart(reason: unknown, failure: unknown): WsError<"patch_applied_in_part"> {
  const { code, message } = toWsError(reason);
  return new WsError("patch_applied_in_part", {
    message: `The patch failed, and not all that it had changed by then could be taken back: ${message}`,
    next: "See what differs now: ws git NAME diff.",
    data: { because: code },
    cause: failure,
  });
}

async function writeOne(
  files: ConfinedFiles,
  change: Change,
  undo: AsyncDisposableStack,
  signal?: AbortSignal,
): Promise<void> {
  const { path, from = path, old, text, mode } = change;
  const given = signal === undefined ? {} : { signal };
  if (text !== undefined) {
    const expect = change.change === "changed" && old !== undefined ? old.version : "absent";
    const { stat } = await files.write(path, encode(text), {
      expect,
      parents: true,
      ...(mode === undefined ? {} : { mode }),
      ...given,
    });
    undo.defer(async () => {
      if (change.change !== "changed" || old === undefined) await files.remove(path);
      else await files.write(path, old.bytes, { expect: stat.version, mode: old.mode });
    });
  }
  if (old !== undefined && (change.change === "removed" || change.change === "renamed")) {
    const now = await files.stat(from, given);
    if (now.version !== old.version) throw patchFailed("it was changed meanwhile", { path: from });
    await files.remove(from, given);
    undo.defer(
      async () => void (await files.write(from, old.bytes, { expect: "absent", mode: old.mode, parents: true })),
    );
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
