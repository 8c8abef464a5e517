import { shellWord, WsError } from "@ws/workspace-core";

/** As `shellWord`; throws `invalid_input` also for what is too long for the kernel. */
export function quote(text: string): string {
  const word = shellWord(text);
  if (!isShort(text)) {
    throw new WsError("invalid_input", {
      message: "A program's argument is shorter than 128 KiB.",
      next: "Pass large input on stdin or in a file.",
      data: { field: "argv" },
    });
  }
  return word;
}

/** A shell statement that exports these variables; empty where there are none. Throws `invalid_input` for an impossible name. */
export function exportStatement(environment: Readonly<Record<string, string>>): string {
  const words: string[] = [];
  const guarded: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!NAME.test(name) || value.includes("\0") || !isShort(`${name}=${value}`)) {
      throw new WsError("invalid_input", {
        message: `'${name}' cannot be passed as an environment variable.`,
        next: "A name has letters, digits and underscores only, a value holds no NUL and is shorter than 128 KiB.",
        data: { field: "env" },
      });
    }
    (OWNED_BY_SHELLS.has(name) ? guarded : words).push(`${name}=${quote(value)}`);
  }
  return [
    ...(words.length === 0 ? [] : [`export ${words.join(" ")}`]),
    ...guarded.map((word) => `command export ${word} 2>/dev/null || :`),
  ].join("; ");
}

/** Variables of `A=b` entries; names that no shell can export are left out, as the entry is not ours to refuse. */
export function parseEnvironment(entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries
      .map((entry): [string, string] => {
        const at = entry.indexOf("=");
        return at === -1 ? [entry, ""] : [entry.slice(0, at), entry.slice(at + 1)];
      })
      .filter(([name]) => NAME.test(name)),
  );
}

function isShort(text: string): boolean {
  return Buffer.byteLength(text) < LONGEST_STRING;
}

/** Linux's MAX_ARG_STRLEN, for one argument or variable with the NUL behind it. */
const LONGEST_STRING = 128 * 1024;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
// Where /bin/sh is bash these are read-only, and an assignment without `command` would end the shell.
const OWNED_BY_SHELLS = new Set([
  "UID",
  "EUID",
  "PPID",
  "GROUPS",
  "SHELLOPTS",
  "BASHOPTS",
  "BASH_VERSINFO",
  "LINENO",
  "OPTIND",
]);
