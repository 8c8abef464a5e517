/** The name that was most likely meant: one with few other letters, else one that begins as this does or the reverse. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const meant = name.toLowerCase();
  const limit = Math.min(2, Math.floor(meant.length / 2));
  let best: { name: string; edits: number } | undefined;
  for (const other of names) {
    if (Math.abs(other.length - meant.length) > limit) continue;
    const edits = distance(meant, other);
    if (edits <= limit && edits < (best?.edits ?? Infinity)) best = { name: other, edits };
  }
  if (best !== undefined) return best.name;
  const related = names.filter((other) => other.startsWith(meant) || meant.startsWith(other));
  return related.sort((a, b) => Math.abs(a.length - meant.length) - Math.abs(b.length - meant.length))[0];
}

/** How many letters have to be put in, taken out or changed (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_each, index) => index);
  for (let at = 1; at <= one.length; at += 1) {
    const next = [at];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (one[at - 1] === other[column - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
