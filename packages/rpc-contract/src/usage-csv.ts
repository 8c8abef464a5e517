import type { UsageEntry } from "./token-usage.ts";

const COLUMNS: readonly [string, (entry: UsageEntry) => string | number][] = [
  ["day", ({ day }) => day],
  ["workspace", ({ workspace }) => workspace],
  ["workspace_id", ({ workspaceId }) => workspaceId],
  ["execution", ({ execution = "" }) => execution],
  ["agent", ({ agent }) => agent],
  ["model", ({ model }) => model],
  ["answers", ({ answers }) => answers],
  ["input_tokens", ({ tokens }) => tokens.input],
  ["output_tokens", ({ tokens }) => tokens.output],
  ["cache_read_tokens", ({ tokens }) => tokens.cacheRead],
  ["cache_write_tokens", ({ tokens }) => tokens.cacheWrite],
  ["cost_usd", ({ cost, costFrom }) => (costFrom === "unknown" ? "" : cost.toFixed(6))],
  ["cost_from", ({ costFrom }) => costFrom],
  ["tokens_without_price", ({ unpriced }) => unpriced],
];

/**
 * What was used, as a table for spreadsheets (RFC 4180). Names come from whoever works in a workspace: what a spreadsheet would take for a formula
 * has an apostrophe before it, which makes it a text.
 */
export function usageCsv(entries: readonly UsageEntry[]): string {
  const lines = [COLUMNS.map(([name]) => name), ...entries.map((entry) => COLUMNS.map(([, of]) => cell(of(entry))))];
  return lines.map((cells) => `${cells.join(",")}\r\n`).join("");
}

const FORMULA = /^[=+\-@\t\r\n]/;

function cell(value: string | number): string {
  const text = typeof value === "number" || !FORMULA.test(value) ? String(value) : `'${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
