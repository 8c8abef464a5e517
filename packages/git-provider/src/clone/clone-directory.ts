import { type Box, WsError } from "@ws/workspace-core";
import { originUrl } from "../commands/checkout.ts";
import { runToEnd } from "../run-git.ts";

/** Where a clone goes, and whether what lies there may be thrown away. */
export interface CloneDirectory {
  path: string;
  /** Whether an earlier attempt finished it. */
  finished: boolean;
  /** Empties it; only ever called while it is ours. */
  clear(): Promise<void>;
  /** From here on what lies there is the user's. */
  release(): Promise<void>;
}

/**
 * Claims the directory for a clone. A mark in the home says that everything in it came from us, so that an
 * attempt that was cut off can be repeated; without the mark only an empty directory is taken. Throws
 * `clone_failed` where something else lies there.
 */
export async function claimDirectory(
  box: Box,
  repository: { url: string; name: string },
  signal: AbortSignal | undefined,
): Promise<CloneDirectory> {
  const path = box.repositoryDirectory(repository.name);
  const mark = cloneMark(box, repository.name);
  const cleanup = { cwd: "/" };
  const options = signal === undefined ? cleanup : { ...cleanup, signal };
  const directory: CloneDirectory = {
    path,
    finished: false,
    async clear() {
      await runToEnd(box, ["find", path, "-mindepth", "1", "-delete"], cleanup);
    },
    async release() {
      await runToEnd(box, ["rm", "-rf", "--", mark], cleanup);
    },
  };

  if ((await runToEnd(box, ["ls", "-d", "--", mark], options)).code === 0) {
    await directory.clear();
    return directory;
  }
  const content = await runToEnd(box, ["ls", "-A", "--", path], options);
  if (content.code === 0 && content.stdout !== "") {
    const origin = originUrl();
    const found = await runToEnd(box, origin.argv, { ...options, cwd: path });
    if (origin.parse(found.stdout) === repository.url) return { ...directory, finished: true };
    throw new WsError("clone_failed", {
      message: `'${repository.url}' was not cloned: the directory ${path} exists and is not empty.`,
      next: "Move its content away, or give the workspace another repository.",
      data: { url: repository.url },
    });
  }
  const marked = await runToEnd(box, ["mkdir", "-p", "--", mark], options);
  if (marked.code !== 0) {
    throw new WsError("clone_failed", {
      message: `'${repository.url}' was not cloned: ${box.home} cannot be written (${marked.stderr.trim().slice(0, 200)}).`,
      data: { url: repository.url },
    });
  }
  return directory;
}

/** A directory that is there while a clone of this name is not finished. */
export function cloneMark(box: Box, name: string): string {
  return `${box.home}/.local/state/ws/cloning-${name}`;
}
