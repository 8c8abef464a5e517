// Writes the table of docs/errors.md from the agent's codes and the command line's exit codes; a test compares it.
// Run with the pinned Node, which runs TypeScript: pnpm exec node --conditions=source tools/error-codes.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { WIRE_CODES } from "../apps/agent/src/rpc/wire-errors.ts";
import { exitFor } from "../apps/cli/src/errors.ts";
import { wireErrors } from "../packages/rpc-contract/src/errors.ts";

const page = new URL("../docs/errors.md", import.meta.url);

/** The rows as they are, and as they should be: codes that are told alike stand together, in the order of the statuses. */
export function compareCodes() {
  const alike = new Map();
  for (const [code, wire] of Object.entries(WIRE_CODES)) {
    const key = `${wireErrors[wire].status} ${wire} | ${exitFor(code, wire)}`;
    alike.set(key, [...(alike.get(key) ?? []), `\`${code}\``]);
  }
  const rows = [...alike].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = readFileSync(page, "utf8");
  const written = text.split("\n").filter((line) => /^\| \d{3} /.test(line));
  return { text, written, said: rows.map(([key, codes]) => `| ${key} | ${codes.sort().join(", ")} |`) };
}

if (import.meta.main) {
  const { text, written, said } = compareCodes();
  writeFileSync(page, text.replace(written.join("\n"), said.join("\n")));
}
