import type { TaskSpec } from "@ws/workspace-core";

const LONGEST = 4_000;

/** What a task is to do, in one text: a command's words as they would be typed, or the beginning of code. */
export function promptOf(spec: TaskSpec): string {
  return (spec.kind === "code" ? spec.code : spec.argv.map(asTyped).join(" ")).slice(0, LONGEST);
}

function asTyped(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
