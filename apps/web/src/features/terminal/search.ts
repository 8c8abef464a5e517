import { SearchAddon, type ISearchOptions } from "@xterm/addon-search";
import type { Terminal } from "@xterm/xterm";
import { foundColours, type Scheme } from "../../terminal-look/schemes.ts";

export interface SearchQuery {
  text: string;
  matchCase: boolean;
  wholeWord: boolean;
  isExpression: boolean;
}

/** How many there are, and which of them is shown, counted from 1; of very many none is counted. */
export interface Found {
  count: number;
  at: number | undefined;
  /** Whether there are more than were counted. */
  isMore: boolean;
}

export interface Search {
  find(query: SearchQuery, way: "back" | "on"): void;
  /** Marks nothing any more. */
  clear(): void;
  dispose(): void;
}

const MOST = 1_000;

/** Finds text in what a terminal has printed, also in what was scrolled away. */
export function createSearch(terminal: Terminal, scheme: Scheme, onFound: (found: Found) => void): Search {
  const addon = new SearchAddon({ highlightLimit: MOST });
  terminal.loadAddon(addon);
  const colours = foundColours(scheme);
  let last: SearchQuery | undefined;
  const listening = addon.onDidChangeResults(({ resultIndex, resultCount }) =>
    onFound({
      count: resultCount,
      at: resultIndex < 0 ? undefined : resultIndex + 1,
      isMore: resultCount >= MOST,
    }),
  );
  return {
    find(query, way) {
      const { text, matchCase: caseSensitive, wholeWord, isExpression: regex } = query;
      const decorations = {
        matchBackground: colours.every,
        matchOverviewRuler: colours.edge,
        activeMatchBackground: colours.one,
        activeMatchBorder: colours.edge,
        activeMatchColorOverviewRuler: colours.edge,
      };
      // The addon marks anew only for another text: of options that change it is not aware.
      if (query !== last) addon.clearDecorations();
      last = query;
      const options: ISearchOptions = { caseSensitive, wholeWord, regex, decorations };
      if (way === "back") addon.findPrevious(text, options);
      else addon.findNext(text, options);
    },
    clear() {
      addon.clearDecorations();
      terminal.clearSelection();
    },
    dispose() {
      listening.dispose();
      addon.dispose();
    },
  };
}

/** What is wrong with an expression, in a few words; undefined where nothing is. */
export function mistakeIn({ text, isExpression }: SearchQuery): string | undefined {
  if (!isExpression) return undefined;
  try {
    "".search(new RegExp(text, "g"));
    return undefined;
  } catch (error) {
    // "Invalid regular expression: /(/g: Unterminated group"
    const reason = (error as Error).message.split(": ").at(-1) ?? "";
    return `This is no regular expression: ${reason.toLowerCase()}.`;
  }
}

export function saidOf(found: Found | undefined): string {
  if (found === undefined) return "";
  if (found.count === 0) return "Nothing found";
  const all = `${found.count}${found.isMore ? "+" : ""}`;
  return found.at === undefined ? `${all} found` : `${found.at} of ${all}`;
}
