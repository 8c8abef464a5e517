/** One word of POSIX shell that is exactly this text, which holds no NUL. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
