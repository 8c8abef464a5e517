import { createHash } from "node:crypto";

/** A program that says 0, 1, 2, … some dozen times a second, in the shell of any workspace, until it is told to stop. */
export const COUNTING = 'i=0; until [ -e "$HOME/stop" ]; do echo $i; i=$((i+1)); sleep 0.02; done';
export const STOP = 'touch "$HOME/stop"';

/** What that is, with the ends of lines that a terminal makes of them or without. */
export function counted(lines: number, end = "\n"): string {
  return Array.from({ length: lines }, (_, line) => `${line}${end}`).join("");
}

export function hashOf(text: string | Uint8Array): string {
  return createHash("sha256").update(text).digest("hex");
}
