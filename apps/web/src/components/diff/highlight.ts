import { LanguageDescription, type LanguageSupport } from "@codemirror/language";
import { languages } from "@codemirror/language-data";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import type { Hunk, Line } from "./rows.ts";

export interface Token {
  /** Where it begins in its line. */
  from: number;
  text: string;
  /** Classes such as `tok-keyword`; empty for what has no colour. */
  classes: string;
}

/** Beyond this the page would stand still while it reads. */
const MOST_CHARACTERS = 600_000;

/** The lines of a file's hunks with what its language makes of them; none for a language that is not known. */
export async function highlight(
  path: string,
  hunks: readonly Hunk[],
  signal?: AbortSignal,
): Promise<Map<Line, Token[]>> {
  const colours = new Map<Line, Token[]>();
  const language = LanguageDescription.matchFilename(languages, path.slice(path.lastIndexOf("/") + 1));
  const size = hunks.reduce((sum, { lines }) => sum + lines.reduce((all, { text }) => all + text.length, 0), 0);
  if (language === null || size > MOST_CHARACTERS) return colours;
  const support = await language.load();
  for (const { lines } of hunks) {
    if (signal?.aborted === true) return colours;
    // Each side by itself, since together they are no program. What both have is coloured as it is now.
    colour(
      support,
      lines.filter((line) => line.type !== "added"),
      colours,
    );
    colour(
      support,
      lines.filter((line) => line.type !== "deleted"),
      colours,
    );
  }
  return colours;
}

function colour({ language }: LanguageSupport, lines: readonly Line[], into: Map<Line, Token[]>): void {
  const code = lines.map(({ text }) => text).join("\n");
  let tokens: Token[] = [];
  let from = 0;
  let index = 0;
  const flush = (): void => {
    const line = lines[index];
    if (line !== undefined) into.set(line, tokens);
    tokens = [];
    from = 0;
    index += 1;
  };
  const put = (text: string, classes: string): void => {
    tokens.push({ from, text, classes });
    from += text.length;
  };
  highlightCode(code, language.parser.parse(code), classHighlighter, put, flush);
  flush();
}
