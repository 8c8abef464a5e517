import type { Verb } from "../../components/verbs/verbs.ts";

export interface PaletteSection {
  heading: string;
  verbs: readonly Verb[];
}

/** What is of the whole dashboard stands after what is of the screen. */
const LAST = ["Do", "Go to", "This browser", "Help"];

/** By what they belong to, those of late first; where something is typed the best match is first, whatever it belongs to. */
export function sectionsOf(found: readonly Verb[], typed: string, recent: readonly string[]): PaletteSection[] {
  if (found.length === 0) return [];
  if (typed.trim() !== "") return [{ heading: "Found", verbs: found }];
  const sections = new Map<string, Verb[]>();
  for (const verb of found) {
    const heading = recent.includes(verb.id) ? "Recent" : verb.group;
    sections.set(heading, [...(sections.get(heading) ?? []), verb]);
  }
  return [...sections]
    .map(([heading, verbs]) => ({ heading, verbs }))
    .toSorted((a, b) => placeOf(a.heading) - placeOf(b.heading));
}

function placeOf(heading: string): number {
  return heading === "Recent" ? -2 : LAST.indexOf(heading);
}
