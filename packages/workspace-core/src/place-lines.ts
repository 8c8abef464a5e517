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

/** A line, and what to ask for after it to get no line twice and none too little. */
export interface PlaceLine {
  text: string;
  after: string | undefined;
}

/** What the place of a workspace printed, from where `from` says, which moves on with all that is read. */
export async function* placeLines(
  engine: Pick<Engine, "store" | "runtime">,
  id: WorkspaceId,
  from: From,
  { follow = false, signal }: { follow?: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<PlaceLine> {
  const record = engine.store.get(id);
  if (record?.handle === undefined) return;
  // Kept over a lost connection: what has been read is not asked for again.
  const { unfinished = new Map<string | undefined, LineCutter>(), ...where } = from;
  from.unfinished = unfinished;
  const printed = engine
    .runtime(record.runtime)
    .logs(id, { ...where, follow, ...(signal === undefined ? {} : { signal }) });
  // A place within a line is none to come back to.
  let { after } = from;
  for await (const { bytes, at, output } of printed) {
    const cutter = unfinished.get(output) ?? createLineCutter();
    unfinished.set(output, cutter);
    const found = cutter.push(bytes);
    const isWhole = at !== "" && Array.from(unfinished.values()).every((each) => each.isWhole);
    for (const [index, line] of found.entries()) {
      if (isWhole && index === found.length - 1) after = at;
      yield { text: `${line}\n`, after };
    }
    // What has no place leaves the beginning where it is.
    if (at === "") continue;
    from.after = at;
    delete from.tail;
  }
  for (const cutter of unfinished.values())
    for (const line of cutter.end()) yield { text: `${line}\n`, after: from.after };
}
