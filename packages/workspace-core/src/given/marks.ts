import { concatBytes } from "../bytes.ts";
import type { Box, Bytes } from "../ports.ts";
import type { GivenMark } from "../workspace.ts";
import { statAt } from "./target-path.ts";

/** What stands behind it is put together with it in memory; nobody adds more by hand. */
const MOST_ADDED = 1024 * 1024;

/** What tells a file that was given from one that was changed since. */
export async function markOf(content: Bytes, mode: number): Promise<GivenMark> {
  return { sha256: await digest(content), bytes: content.length, mode };
}

export function isSameMark(one: GivenMark | undefined, other: GivenMark): boolean {
  return one?.sha256 === other.sha256 && one.bytes === other.bytes && one.mode === other.mode;
}

/** How a file in a workspace stands to what was given. `added` is what was appended to it, by git for example, and is otherwise empty. */
export type Standing = { is: "absent" } | { is: "changed" } | { is: "given"; added: Bytes };

/** A link, a directory and what is longer than anybody would append are changes, and are not read. */
export async function standingOf(
  box: Box,
  path: string,
  { sha256, bytes }: GivenMark,
  signal: AbortSignal,
): Promise<Standing> {
  const found = await statAt(box, path, signal);
  if (found === undefined) return { is: "absent" };
  if (found.type !== "file" || found.size < bytes || found.size > bytes + MOST_ADDED) return { is: "changed" };
  const parts: Bytes[] = [];
  // It may grow while it is read.
  for await (const part of box.files.read(path, { length: found.size, signal })) parts.push(part);
  const content = concatBytes(parts);
  if ((await digest(content.subarray(0, bytes))) !== sha256) return { is: "changed" };
  return { is: "given", added: content.subarray(bytes) };
}

async function digest(content: Bytes): Promise<string> {
  // A copy of its own: what it views may be shared with others, which is not accepted here.
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(content));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
