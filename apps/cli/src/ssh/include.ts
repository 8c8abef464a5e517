/** `~/.ssh/config` with our file included, before all else: below a `Host` it would belong to that. Twice is once. */
export function withInclude(text: string, path: string): string {
  const line = includeLine(path);
  const rest = withoutInclude(text, path);
  const end = rest.includes("\r\n") ? "\r\n" : "\n";
  return `${line}${end}${rest}`;
}

/** The same without it, byte for byte as it was before. */
export function withoutInclude(text: string, path: string): string {
  const line = includeLine(path);
  for (const end of ["\r\n", "\n"]) {
    const at = text.startsWith(line + end) ? 0 : text.indexOf(`\n${line}${end}`) + 1;
    if (text.startsWith(line + end, at)) return text.slice(0, at) + text.slice(at + line.length + end.length);
  }
  return text === line ? "" : text;
}

/** The text is one of bytes: the file may be in any encoding. */
function includeLine(path: string): string {
  return `Include "${Buffer.from(path).toString("latin1")}"`;
}
