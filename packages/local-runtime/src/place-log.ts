import { readFile } from "node:fs/promises";
import type { ByteSource } from "@ws/workspace-core";

/** The last lines that a place's first process printed: what bubblewrap had to say. */
export async function* lastLines(file: string, tail: number | undefined): ByteSource {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  if (tail === undefined) {
    if (text.length > 0) yield text;
    return;
  }
  const lines = text.toString().split("\n");
  const kept = lines.slice(Math.max(0, lines.length - 1 - tail)).join("\n");
  if (kept !== "" && tail > 0) yield Buffer.from(kept);
}
