import type { GitDiffFile } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import { asAdded } from "./rows.ts";

/** Of a new file that is longer, the beginning. */
const MOST_LINES = 5_000;

/** What git does not know yet, as the change that it will be. */
export async function readNew(
  { files }: Pick<AgentClient, "files">,
  { name, path }: { name: string; path: string },
  signal: AbortSignal,
): Promise<GitDiffFile> {
  // A repository within this one, of which git takes the commit that it stands at and no file.
  if (path.endsWith("/")) return { ...asAdded(path, "", false), newMode: "160000" };
  const { type, target } = await files.stat({ name, path }, { signal });
  // Git takes what a link says, and never what it leads to.
  if (type === "symlink") return { ...asAdded(path, target ?? "", false), newMode: "120000" };
  const file = await files.read({ name, path, limit: MOST_LINES }, { signal });
  return file.binary ? { ...asAdded(path, "", false), binary: true } : asAdded(path, file.content, file.truncated);
}
