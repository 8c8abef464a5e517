import { expect } from "vitest";
import { concatBytes } from "../../bytes.ts";
import type { Argv, Bytes, Clock, OpenedTerminal, Terminals } from "../../ports.ts";

export const clock: Pick<Clock, "now" | "sleep"> = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal?.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    }),
};

let opened = 0;

/** A terminal that no other test has. */
export function freshId(): string {
  opened += 1;
  return `test-${opened}-${Date.now().toString(36)}`;
}

export function openShell(
  terminals: Terminals,
  id: string,
  code: string,
  extra: { cwd?: string; env?: Record<string, string> } = {},
): Promise<OpenedTerminal> {
  const argv: Argv = ["sh", "-c", code];
  return terminals.open({ id, argv, size: { cols: 80, rows: 24 }, ...extra });
}

/** Everything from an offset to the end of the program; fails where an offset jumps. */
export async function readAll(terminals: Terminals, id: string, from: number): Promise<Uint8Array> {
  const parts: Bytes[] = [];
  let offset = from;
  for await (const chunk of terminals.read(id, from)) {
    expect(chunk.offset).toBe(offset);
    parts.push(chunk.bytes.slice());
    offset += chunk.bytes.length;
  }
  return concatBytes(parts);
}

export async function readText(terminals: Terminals, id: string, from: number): Promise<string> {
  return new TextDecoder().decode(await readAll(terminals, id, from));
}

/** Reads until the text has come; returns what came last and the next offset. */
export async function readUntilText(
  terminals: Terminals,
  id: string,
  from: number,
  wanted: string | RegExp,
): Promise<{ text: string; next: number }> {
  const leaving = new AbortController();
  let text = "";
  let next = from;
  for await (const { bytes } of terminals.read(id, from, leaving.signal)) {
    text = text.slice(-10_000) + new TextDecoder("latin1").decode(bytes);
    next += bytes.length;
    if (typeof wanted === "string" ? text.includes(wanted) : wanted.test(text)) return { text, next };
  }
  throw new Error(`the terminal ended without '${String(wanted)}': ${text.slice(-500)}`);
}

export function type(terminals: Terminals, id: string, text: string): Promise<void> {
  return terminals.write(id, new TextEncoder().encode(text));
}

export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
