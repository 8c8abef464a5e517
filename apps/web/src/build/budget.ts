import { gzipSync } from "node:zlib";

export interface Chunk {
  fileName: string;
  code: string;
  isEntry: boolean;
  /** What is loaded with it. */
  imports: readonly string[];
  /** What it loads later. */
  dynamicImports: readonly string[];
}

/** Kilobytes of gzipped script that the dashboard may load before a terminal is opened. */
export const FIRST_LOAD_KB = 160;

export interface SizeReport {
  before: { fileName: string; kb: number }[];
  after: { fileName: string; kb: number }[];
  beforeKb: number;
  afterKb: number;
}

/**
 * What is loaded before a terminal is opened and what only for one: everything reachable from the entries, less
 * what is reachable only through a chunk that `isDeferred` names.
 */
export function measure(chunks: readonly Chunk[], isDeferred: (chunk: Chunk) => boolean): SizeReport {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set<Chunk>();
  const waiting = chunks.filter((chunk) => chunk.isEntry);
  for (let chunk = waiting.pop(); chunk !== undefined; chunk = waiting.pop()) {
    if (reached.has(chunk)) continue;
    reached.add(chunk);
    for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
      const next = byName.get(name);
      if (next !== undefined && !isDeferred(next)) waiting.push(next);
    }
  }
  const sized = (wanted: Chunk[]) =>
    wanted
      .map(({ fileName, code }) => ({ fileName, kb: gzipSync(code).byteLength / 1000 }))
      .sort((a, b) => b.kb - a.kb);
  const before = sized([...reached]);
  const after = sized(chunks.filter((chunk) => !reached.has(chunk)));
  return { before, after, beforeKb: total(before), afterKb: total(after) };
}

function total(sizes: readonly { kb: number }[]): number {
  return sizes.reduce((sum, { kb }) => sum + kb, 0);
}
