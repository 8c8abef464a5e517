/** A line as an object; undefined for what is none, such as what a tool says before it begins. */
export function parseLine(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What lies at the end of a path of names; undefined where the path leads nowhere. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value;
  for (const name of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name)) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A number that is no less than nothing. */
export function countAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" && Number.isFinite(found) && found >= 0 ? found : undefined;
}

const SESSION = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$/;

/** The name of a conversation: it becomes an argument. */
export function sessionAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = textAt(value, ...path);
  return found !== undefined && SESSION.test(found) ? found : undefined;
}

const MOST_TEXT = 8_192;

/** The end of what a tool said, as much as is kept of it. */
export function kept(text: string): string {
  return text.trim().slice(-MOST_TEXT).toWellFormed();
}

/** What went wrong in a tool's own words, on one line. */
export function wordsOf(text: string): string {
  return text
    .trim()
    .slice(0, 300)
    .toWellFormed()
    .replace(/\p{C}+/gu, " ");
}

export function lastLine(text: string): string {
  return text.slice(text.trimEnd().lastIndexOf("\n") + 1).trim();
}
