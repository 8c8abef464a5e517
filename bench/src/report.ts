import type { Judged } from "./bars.ts";
import { type Figures, figuresOf } from "./figures.ts";
import type { Measured } from "./row.ts";

/** A measured row as it stands in the JSON file. */
export interface ResultRow {
  name: string;
  ours: Figures & { unit: string };
  peer?: Figures & { name: string };
  ratio?: number;
  bar: string;
  holds: boolean;
}

export function judge(name: string, { unit, better, ours, peer, bar }: Measured): ResultRow {
  const judged: Judged = { ours: figuresOf(ours, better) };
  if (peer !== undefined) {
    judged.peer = figuresOf(peer.samples, better);
    judged.ratio = judged.ours.p50 / judged.peer.p50;
  }
  return {
    name,
    ours: { ...rounded(judged.ours), unit },
    ...(judged.peer && peer && { peer: { name: peer.name, ...rounded(judged.peer) } }),
    ...(judged.ratio !== undefined && { ratio: round(judged.ratio) }),
    bar: bar.text,
    // Judged before rounding: a figure must not be rounded over its bar.
    holds: bar.holds(judged),
  };
}

/** The rows for a terminal, one line each, columns aligned. */
export function table(rows: readonly ResultRow[]): string {
  const lines = rows.map(({ name, ours, peer, ratio, bar, holds }) => [
    holds ? "✓" : "✗",
    name,
    amount(ours.p50),
    amount(ours.p95),
    String(ours.n),
    ours.unit,
    peer?.name ?? "–",
    peer === undefined ? "" : amount(peer.p50),
    peer === undefined ? "" : amount(peer.p95),
    ratio === undefined ? "" : `${ratio.toPrecision(2)}×`,
    bar,
  ]);
  const header = ["", "row", "p50", "p95", "n", "unit", "peer", "p50", "p95", "ratio", "bar"];
  const numeric = new Set([2, 3, 4, 7, 8, 9]);
  const widths = header.map((head, column) =>
    Math.max(...[header, ...lines].map((line) => line[column]?.length ?? head.length)),
  );
  return [header, ...lines]
    .map((line) =>
      line
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return numeric.has(column) ? cell.padStart(width) : cell.padEnd(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function amount(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function rounded({ p50, p95, n }: Figures): Figures {
  return { p50: round(p50), p95: round(p95), n };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
