import type { Setting } from "@ws/rpc-contract";

/** Settings of the worker by what they belong to, without the credentials that stand among them. */
export interface Area {
  name: string;
  settings: readonly Setting[];
}

/** Those in which every word of `text` stands, in the order of the worker's own table. */
export function areasOf(settings: readonly Setting[], text: string): readonly Area[] {
  const words = text.toLowerCase().split(/\s+/);
  const areas = new Map<string, Setting[]>();
  for (const setting of settings) {
    const { area, key, description, shadowedBy = "" } = setting;
    if (area === undefined) continue;
    const said = `${area} ${key} ${spaced(key)} ${description} ${shadowedBy}`.toLowerCase();
    if (words.every((word) => said.includes(word))) areas.set(area, [...(areas.get(area) ?? []), setting]);
  }
  return [...areas].map(([name, those]) => ({ name, settings: those }));
}

/** `workspaceTtlSeconds` is also found by `ttl seconds`. */
function spaced(key: string): string {
  return key.replaceAll(/([a-z])([A-Z])/g, "$1 $2").replaceAll(/[._]/g, " ");
}
