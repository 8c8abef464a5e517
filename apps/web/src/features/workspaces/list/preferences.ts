import { formatSort, parseGroup, parseSort, PLAIN, type ListPreferences } from "./view.ts";

const KEY = "ws.list";

/** How this browser last had the list sorted and grouped. */
export function readPreferences(storage: Pick<Storage, "getItem">): ListPreferences {
  const [sort, group] = (storage.getItem(KEY) ?? "").split(" ");
  return { sort: parseSort(sort ?? null) ?? PLAIN.sort, group: parseGroup(group ?? null) ?? PLAIN.group };
}

export function keepPreferences(storage: Pick<Storage, "setItem">, { sort, group }: ListPreferences): void {
  try {
    storage.setItem(KEY, `${formatSort(sort)} ${group}`);
  } catch {
    // A full storage only forgets it.
  }
}
