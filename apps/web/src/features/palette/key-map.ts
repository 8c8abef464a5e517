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

/** What a terminal leaves to the page: all with Control and Shift, so that every other key is the program's. */
const TERMINALS: KeysSection = {
  title: "In terminals",
  rows: [
    { keys: ["Ctrl Shift E"], does: "Split to the right" },
    { keys: ["Ctrl Shift O"], does: "Split below" },
    { keys: ["Ctrl Shift ←"], does: "Go to the pane that lies there" },
    { keys: ["Ctrl Shift X"], does: "Let a pane cover the others" },
    { keys: ["Ctrl Shift PgUp", "Ctrl Shift PgDn"], does: "Move the tab" },
    { keys: ["Ctrl Shift F"], does: "Search what was printed" },
    { keys: ["Ctrl Shift Space"], does: "Copy mode" },
    { keys: ["Shift Esc"], does: "Leave for the tab bar" },
  ],
};

/** The sheet of keys: the page's own, the verbs' by what they belong to, the terminals' and the lists'. */
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
  return [palette, ...[...sections].map(([title, rows]) => ({ title, rows })), TERMINALS, LISTS];
}
