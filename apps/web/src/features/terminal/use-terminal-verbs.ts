import { Columns2, Palette, PanelRightOpen, Plus, Rows2, Search, TextSelect } from "lucide-react";
import type { Verb } from "../../components/verbs/verbs.ts";
import { useVerbs } from "../../components/verbs/verbs-context.tsx";
import type { TerminalRequest } from "./terminal-screen.tsx";

/** What cannot be done now is not offered. */
interface TerminalActs {
  add: (() => void) | undefined;
  split: ((axis: "row" | "column") => void) | undefined;
  ask: ((kind: TerminalRequest["kind"]) => void) | undefined;
  appearance: () => void;
  /** The tabs, by their names, that the active one could become a pane of. */
  joins: readonly { name: string; run: () => void }[];
}

/** Offers what can be done in the terminals of a workspace to the command palette. */
export function useTerminalVerbs(workspace: string, { add, split, ask, appearance, joins }: TerminalActs): void {
  useVerbs(() => {
    const verb = (id: string, label: string, icon: Verb["icon"], run: (() => void) | undefined): Verb[] =>
      run === undefined
        ? []
        : [{ id: `terminal.${id}`, label, group: workspace, words: "terminal shell", run, ...(icon && { icon }) }];
    return [
      ...verb("new", "New terminal", Plus, add),
      ...verb("splitRight", "Split terminal right", Columns2, split && (() => split("row"))),
      ...verb("splitBelow", "Split terminal below", Rows2, split && (() => split("column"))),
      ...joins.flatMap(({ name, run }) =>
        verb(`join ${name}`, `Move terminal into a pane of ${name}`, PanelRightOpen, run),
      ),
      ...verb("search", "Search terminal", Search, ask && (() => ask("search"))),
      ...verb("copyMode", "Copy mode of terminal", TextSelect, ask && (() => ask("copyMode"))),
      ...verb("appearance", "Appearance of terminals", Palette, appearance),
    ];
  });
}
