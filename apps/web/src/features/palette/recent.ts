const KEY = "ws.palette.recent";
const MOST = 8;

/** Ids of the verbs that were used last, the latest first, as this browser keeps them. */
export function recentVerbs(storage: Pick<Storage, "getItem">): string[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function rememberVerb(storage: Pick<Storage, "getItem" | "setItem">, id: string): void {
  const recent = [id, ...recentVerbs(storage).filter((other) => other !== id)].slice(0, MOST);
  try {
    storage.setItem(KEY, JSON.stringify(recent));
  } catch {
    // A full storage only forgets it.
  }
}
