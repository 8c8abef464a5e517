/** What stands at a path in a value that came from outside; undefined where the path leads nowhere. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const at = valueAt(value, ...path);
  return typeof at === "string" ? at : undefined;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const at = valueAt(value, ...path);
  return Array.isArray(at) ? at : [];
}
