import type { Styled } from "../../components/output/ansi.ts";
import { within, type LogLine } from "./log-lines.ts";

/** Which lines are shown: all, or those of one kind. What the worker did at a start and beside it is one. */
export type SourceFilter = "all" | "startup" | "script" | "output";

export function ofSource(lines: readonly LogLine[], filter: SourceFilter): readonly LogLine[] {
  if (filter === "all") return lines;
  return lines.filter(({ source }) => (source === "agent" ? "startup" : source) === filter);
}

/** The indexes of lines that have what is searched, in upper or lower case. None where nothing is. */
export function found(lines: readonly LogLine[], query: string): readonly number[] {
  const sought = query.toLowerCase();
  if (sought === "") return [];
  return lines.flatMap(({ text }, index) => (text.toLowerCase().includes(sought) ? [index] : []));
}

/** A line in pieces, those that are what is searched marked. */
export function marked(line: Pick<LogLine, "parts" | "text">, query: string): (Styled & { hit: boolean })[] {
  const sought = query.toLowerCase();
  const text = line.text.toLowerCase();
  // In some scripts a letter has another length in lower case; then nothing can be marked.
  if (sought === "" || text.length !== line.text.length) return line.parts.map((part) => ({ ...part, hit: false }));
  const pieces: (Styled & { hit: boolean })[] = [];
  const add = (from: number, to: number, hit: boolean) => {
    for (const part of within(line.parts, from, to)) pieces.push({ ...part, hit });
  };
  let from = 0;
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, from)) {
    add(from, at, false);
    from = at + sought.length;
    add(at, from, true);
  }
  add(from, Number.POSITIVE_INFINITY, false);
  return pieces;
}

/** Where the next hit is after `current`, or the one before; from the last one on to the first. */
export function nextHit(hits: readonly number[], current: number | undefined, step: 1 | -1): number | undefined {
  if (step === 1) return hits.find((hit) => current === undefined || hit > current) ?? hits[0];
  return hits.findLast((hit) => current === undefined || hit < current) ?? hits.at(-1);
}
