import type { GitDiffFile } from "@ws/rpc-contract";
import { useEffect, useState } from "react";
import type { Line } from "./rows.ts";
import type { Token } from "./highlight.ts";

export type Colours = ReadonlyMap<Line, readonly Token[]>;

const NONE: Colours = new Map();

/** The lines' colours once their languages are loaded; the lines are there before. */
export function useColours(files: readonly GitDiffFile[]): Colours {
  const [coloured, setColoured] = useState<{ files: readonly GitDiffFile[]; colours: Colours }>();
  useEffect(() => {
    const leaving = new AbortController();
    void colourAll(files, leaving.signal).then(
      (colours) => leaving.signal.aborted || setColoured({ files, colours }),
      // A language that cannot be loaded leaves its lines as they are.
      () => undefined,
    );
    return () => leaving.abort();
  }, [files]);
  return coloured?.files === files ? coloured.colours : NONE;
}

async function colourAll(files: readonly GitDiffFile[], signal: AbortSignal): Promise<Colours> {
  const { highlight } = await import("./highlight.ts");
  const all = new Map<Line, readonly Token[]>();
  for (const { path, hunks } of files) {
    if (signal.aborted) return NONE;
    for (const [line, tokens] of await highlight(path, hunks, signal)) all.set(line, tokens);
  }
  return all;
}
