import type { Engine } from "./engine.ts";
import { createLineCutter, type LineCutter } from "./lines.ts";
import type { WorkspaceId } from "./workspace.ts";

/** Where to begin with what the place printed: after what was read last, else at the last lines, else at the first. */
export interface From {
  after?: string;
  tail?: number;
  /** What was read of each output and is no whole line yet. */
  unfinished?: Map<string | undefined, LineCutter>;
}

/** What the place of a workspace printed, from where `from` says, which moves on with all that is read. */
export async function* placeLines(
  engine: Pick<Engine, "store" | "runtime">,
  id: WorkspaceId,
  from: From,
  { follow = false, signal }: { follow?: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<string> {
  const record = engine.store.get(id);
  if (record?.handle === undefined) return;
  // Kept over a lost connection: what has been read is not asked for again.
  const { unfinished = new Map<string | undefined, LineCutter>(), ...where } = from;
  from.unfinished = unfinished;
  const printed = engine
    .runtime(record.runtime)
    .logs(id, { ...where, follow, ...(signal === undefined ? {} : { signal }) });
  for await (const { bytes, at, output } of printed) {
    const cutter = unfinished.get(output) ?? createLineCutter();
    unfinished.set(output, cutter);
    for (const line of cutter.push(bytes)) yield `${line}\n`;
    // What has no place leaves the beginning where it is.
    if (at === "") continue;
    from.after = at;
    delete from.tail;
  }
  for (const cutter of unfinished.values()) for (const line of cutter.end()) yield `${line}\n`;
}
