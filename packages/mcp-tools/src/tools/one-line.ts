/**
 * A name or a subject as part of a line: what would begin another line, move a cursor or turn the writing round is shown and not done, so
 * that nobody forges an entry with what a file is called.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (char) => SHORT[char] ?? `\\u{${codeOf(char)}}`);
}

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function codeOf(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16);
}
