import { readFile } from "node:fs/promises";
import type { Printed } from "@ws/workspace-core";

/** What a place's first process printed: what bubblewrap had to say. The file only ever grows. */
export async function* readPlaceLog(
  file: string,
  { tail, after }: { tail?: number; after?: string },
): AsyncGenerator<Printed> {
  const text = await readFile(file).catch(() => Buffer.alloc(0));
  const lines = text
    .subarray(Number(after ?? 0))
    .toString()
    .split(/(?<=\n)/);
  const kept = Buffer.from(lines.slice(tail === undefined ? 0 : -tail || lines.length).join(""));
  if (kept.length > 0) yield { bytes: kept, at: String(text.length) };
}
