/** A script as it is shown, and what somebody has made of it. */
export interface ScriptDraft {
  /** Absent of one that is not there yet. */
  revision?: string;
  saved: string;
  text: string;
}

export const MOST_BYTES = 1024 * 1024;

export const NEW_SCRIPT = "#!/bin/bash\n";

export function isUnsaved({ saved, text, revision }: ScriptDraft): boolean {
  return revision === undefined || saved !== text;
}

/** Why it cannot be saved, as the worker would say it. */
export function faultOfScript(text: string): string | undefined {
  const size = new TextEncoder().encode(text).length;
  if (size > MOST_BYTES) return "It is larger than 1 MiB.";
  const [first = ""] = text.split("\n", 1);
  if (!first.startsWith("#!")) return "Its first line has to say what runs it, such as #!/bin/sh.";
  if (first.endsWith("\r")) return "It has the line ends of Windows, with which nothing runs it.";
  return undefined;
}

/** `name` among the scripts that run, or no longer among them; the others keep their order. */
export function withRun(scripts: readonly string[], script: string, runs: boolean): string[] {
  const others = scripts.filter((one) => one !== script);
  return runs ? [...others, script] : others;
}

export function faultOfName(name: string, taken: readonly string[]): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return "Use letters, digits, dots and dashes.";
  return taken.includes(name) ? "There is one of that name already." : undefined;
}
