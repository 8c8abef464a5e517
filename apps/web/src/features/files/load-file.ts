import type { FileContent, FileStat } from "@ws/rpc-contract";
import type { AgentClient } from "@ws/rpc-contract/client";
import type { Problem } from "../../problem.ts";
import { imageType } from "../../file-paths.ts";

/** An image of more bytes is not shown: it has to be held as text, a third larger, to be. */
export const IMAGE_LIMIT = 16 * 1024 * 1024;
/** What is shown of a text that is too large to be edited. */
const SHOWN_LINES = 5_000;

/** What is known of a file that is to be shown. */
export type LoadedFile =
  | { kind: "text"; stat: FileStat; text: Extract<FileContent, { binary: false }> }
  | { kind: "binary"; stat: FileStat }
  | { kind: "image"; stat: FileStat; type: string }
  | { kind: "largeImage"; stat: FileStat }
  | { kind: "folder"; stat: FileStat };

export interface LoadFileOptions {
  name: string;
  path: string;
  /** Whether only the first lines are wanted, of whatever size the file is. */
  beginning: boolean;
  /** Whether an image is wanted as its text. */
  asText: boolean;
}

/** Refusals that say what became of the file; any other says only that it could not be asked for. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
  "file_not_found",
  "file_too_large",
  "is_a_directory",
  "not_a_directory",
  "not_a_regular_file",
  "path_not_allowed",
  "path_traversal",
  "permission_denied",
]);

export function isOfTheFile({ code }: Pick<Problem, "code">): boolean {
  return OF_THE_FILE.has(code);
}

/** Rejects with what the worker refuses, `file_too_large` among it. */
export async function loadFile(
  client: Pick<AgentClient, "files">,
  { name, path, beginning, asText }: LoadFileOptions,
  signal: AbortSignal,
): Promise<LoadedFile> {
  const type = asText ? undefined : imageType(path);
  const [looked, read] = await Promise.allSettled([
    client.files.stat({ name, path }, { signal }),
    type === undefined
      ? client.files.read({ name, path, ...(beginning ? { limit: SHOWN_LINES } : {}) }, { signal })
      : undefined,
  ]);
  if (looked.status === "rejected") throw looked.reason;
  const stat = looked.value;
  if (stat.type === "directory") return { kind: "folder", stat };
  if (type !== undefined) {
    // The refusal says which rule it is.
    if (!stat.readable) await client.files.read({ name, path }, { signal });
    return stat.size > IMAGE_LIMIT ? { kind: "largeImage", stat } : { kind: "image", stat, type };
  }
  if (read.status === "rejected") throw read.reason;
  if (read.value === undefined || read.value.binary) return { kind: "binary", stat };
  return { kind: "text", stat, text: read.value };
}
