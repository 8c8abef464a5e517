import { isWsError } from "./errors.ts";
import type { Box, Script } from "./ports.ts";
import type { WorkspaceRecord } from "./workspace.ts";

/** Where an image keeps what is to be run after a start. In ours a link to the worker's own script lies there. */
const PATH = "/workspace/post-start.sh";

/** The script of the workspace's image, where it has one. On the local runtime this would be a file of the worker's. */
export async function ownScript(
  { runtime }: WorkspaceRecord,
  box: Box,
  signal: AbortSignal,
): Promise<Script | undefined> {
  if (runtime !== "docker" || box.missing.includes("files")) return undefined;
  try {
    const { type, mode } = await box.files.stat(PATH, signal);
    return type === "file" && (mode & 0o111) !== 0 ? { name: PATH, path: PATH } : undefined;
  } catch (error) {
    if (signal.aborted || isWsError(error, "box_closed")) throw error;
    return undefined;
  }
}
