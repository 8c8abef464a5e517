import { randomBytes } from "node:crypto";
import { link, open, rename, unlink, type FileHandle } from "node:fs/promises";
import { confinedFault, type Bytes, type ByteSource, type ConfinedStat, type ConfinedWrite } from "@ws/workspace-core";
import { CREATE, writeAll } from "../contained-files.ts";
import { fdPath } from "../contained-path.ts";
import { codeOf } from "../file-errors.ts";
import { statAt, statOpen } from "./entry.ts";
import { theirSource } from "./faults.ts";

/** Beside the old file and then over it, so that its own directory's device, space and rights decide. */
export async function replace(
  place: { at: string; parent: FileHandle; path: string },
  content: ByteSource | Bytes,
  options: ConfinedWrite & { old: ConfinedStat | undefined },
): Promise<ConfinedStat> {
  const { at, parent, path } = place;
  const { old, expect, signal } = options;
  const beside = `${fdPath(parent)}/.ws-${randomBytes(9).toString("base64url")}`;
  await using file = await open(beside, CREATE, 0o600);
  let isBeside = true;
  try {
    for await (const part of content instanceof Uint8Array ? [content] : theirSource(content)) {
      signal?.throwIfAborted();
      await writeAll(file, part);
    }
    await file.chmod(options.mode ?? old?.mode ?? 0o644);
    signal?.throwIfAborted();
    if (expect !== undefined) requireExpected(path, await statAt(at, path), expect);
    if (expect === "absent" && (await linked(beside, at))) await unlink(beside);
    else await rename(beside, at);
    isBeside = false;
    return await statOpen(file, path);
  } finally {
    if (isBeside) await unlink(beside).catch(() => undefined);
  }
}

/** Throws where what is there is not what was seen. */
export function requireExpected(path: string, found: ConfinedStat | undefined, expect: ConfinedWrite["expect"]): void {
  if (expect === undefined) return;
  if (expect === "absent" && found !== undefined) throw confinedFault("file_exists", path);
  if (expect !== "absent" && found?.version !== expect) throw confinedFault("file_changed", path);
}

/** Of two that both find nothing there, only one gets a link; false where the file system has none. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(codeOf(error) ?? "")) throw error;
    return false;
  }
}
