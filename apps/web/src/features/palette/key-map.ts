import type { Verb } from "../../components/verbs/verbs.ts";

export interface KeysSection {
  title: string;
  rows: readonly { keys: readonly string[]; does: string }[];
}

/** What lists and panels answer to by themselves; all other keys are those of verbs. */
const LISTS: KeysSection = {
  title: "In lists",
  rows: [
    { keys: ["j", "↓"], does: "Next row" },
    { keys: ["k", "↑"], does: "Row before" },
    { keys: ["Enter"], does: "Open it" },
    { keys: ["x"], does: "Select it, or no longer" },
    { keys: ["/"], does: "Filter" },
    { keys: ["Esc"], does: "Empty the filter, end the selection, close what is open" },
  ],
};

/** The sheet of keys: the page's own, the verbs' by what they belong to, and the lists'. */
export function sheetOf(verbs: readonly Verb[], mac: boolean): KeysSection[] {
  const sections = new Map<string, { keys: string[]; does: string }[]>();
  for (const { keys, label, group } of verbs) {
    if (keys === undefined) continue;
    const rows = sections.get(group) ?? [];
    rows.push({ keys: [keys], does: label });
    sections.set(group, rows);
  }
  const palette = {
    title: "Everywhere",
    rows: [
      { keys: [mac ? "⌘ K" : "Ctrl K"], does: "Command palette" },
      ...(mac ? [] : [{ keys: ["Ctrl Shift K", "Ctrl Shift P"], does: "The same, in a terminal" }]),
    ],
  };
  return [palette, ...[...sections].map(([title, rows]) => ({ title, rows })), LISTS];
}
