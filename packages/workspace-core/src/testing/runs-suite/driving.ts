import { expect } from "vitest";
import { concatBytes } from "../../bytes.ts";
import type { Bytes } from "../../ports.ts";
import type { RunRequest, Runs, RunState } from "../../runs/runs.ts";

let asked = 0;

/** A run that no other test has. */
export function freshRun(): string {
  asked += 1;
  return `test-${asked}-${Date.now().toString(36)}.1`;
}

export const KEEP = { head: 1024 * 1024, tail: 4 * 1024 * 1024 };

export function begin(runs: Runs, id: string, argv: RunRequest["argv"], more: Partial<RunRequest> = {}) {
  return runs.start({ id, argv, keep: KEEP, errors: "merged", ...more });
}

export function beginShell(runs: Runs, id: string, code: string, more: Partial<RunRequest> = {}): Promise<RunState> {
  return begin(runs, id, ["sh", "-c", code, id], more);
}

export interface Piece {
  offset: number;
  bytes: Bytes;
}

/** What can be read to the end of the run, in pieces without a jump between. */
export async function readPieces(
  runs: Runs,
  id: string,
  from = 0,
  stream: "output" | "errors" = "output",
): Promise<Piece[]> {
  const pieces: { offset: number; parts: Bytes[]; next: number }[] = [];
  for await (const { offset, bytes } of runs.read(id, from, { stream })) {
    const last = pieces.at(-1);
    if (last !== undefined && last.next === offset) {
      last.parts.push(bytes.slice());
      last.next += bytes.length;
    } else {
      expect(offset).toBeGreaterThanOrEqual(last?.next ?? from);
      pieces.push({ offset, parts: [bytes.slice()], next: offset + bytes.length });
    }
  }
  return pieces.map(({ offset, parts }) => ({ offset, bytes: concatBytes(parts) }));
}

/** All of it as text; fails where something was dropped. */
export async function readText(
  runs: Runs,
  id: string,
  from = 0,
  stream: "output" | "errors" = "output",
): Promise<string> {
  const pieces = await readPieces(runs, id, from, stream);
  expect(pieces.map(({ offset }) => offset)).toEqual(pieces.length === 0 ? [] : [from]);
  return new TextDecoder().decode(pieces[0]?.bytes ?? new Uint8Array());
}

/** Reads until the text has come. */
export async function readRunUntil(runs: Runs, id: string, wanted: string | RegExp): Promise<string> {
  const leaving = new AbortController();
  let text = "";
  for await (const { bytes } of runs.read(id, 0, { signal: leaving.signal })) {
    text += new TextDecoder("latin1").decode(bytes);
    if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) {
      leaving.abort();
      return text;
    }
  }
  throw new Error(`the run ended without '${String(wanted)}': ${text.slice(-500)}`);
}

export async function stateOf(runs: Runs, id: string): Promise<RunState | undefined> {
  return (await runs.list()).find((state) => state.id === id);
}
