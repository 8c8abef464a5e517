export interface GrepRequest {
  pattern: string;
  /** Real, below the directory; `""` is that itself. */
  path: string;
  /** Whether the pattern is plain text, not a regular expression. */
  literal?: boolean;
  ignoreCase?: boolean;
  /** Only files whose name or path fits this glob. */
  include?: string;
  maxResults?: number;
  /** Lines before and after each match. */
  context?: number;
}

/** One line that was found, or that stands beside one. */
export interface GrepLine {
  path: string;
  line: number;
  text: string;
  matches: boolean;
}

const LONGEST = 1_000;

/** As much of a line as anybody reads, and no half of a character. */
export function cut(text: string): string {
  const beginning = text.slice(0, LONGEST);
  return beginning.isWellFormed() || !text.isWellFormed() ? beginning : beginning.slice(0, -1);
}
