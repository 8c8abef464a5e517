/** Words as systemd splits them: a quote may begin anywhere in one. */
const WORD = /(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+/g;

/** The lines of a unit of systemd without its comments, those that go on in the next one as one. */
export function linesOf(text: string): string[] {
  const lines = text.replace(/\\\r?\n/g, " ").split(/\r?\n/);
  return lines.map((line) => line.trim()).filter((line) => !/^[#;]/.test(line));
}

/** What stands on both sides of a line's first `=`; undefined where it says nothing such. */
export function settingOf(line: string): { key: string; value: string } | undefined {
  const [, key, value = ""] = /^([A-Za-z]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
  return key === undefined ? undefined : { key, value };
}

/** The words of a value with their quotes; undefined where it cannot be told where one ends. */
export function wordsOf(value: string): string[] | undefined {
  return value.replace(WORD, "").trim() === "" ? [...value.matchAll(WORD)].map(([word]) => word) : undefined;
}

/** What a unit's own `Environment=` gives a variable; undefined where it gives none. */
export function variableOf(text: string, name: string): string | undefined {
  const words = linesOf(text).flatMap((line) => {
    const setting = settingOf(line);
    return setting?.key === "Environment" ? (wordsOf(setting.value) ?? []).map(plain) : [];
  });
  return words.findLast((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** Without quotes, and of `%%` one. */
function plain(word: string): string {
  return word.replace(/\\(.)|["']/g, (_, escaped: string | undefined) => escaped ?? "").replaceAll("%%", "%");
}
