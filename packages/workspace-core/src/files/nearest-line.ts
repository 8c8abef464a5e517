/** How many lines are compared letter by letter; where there are more, only those that differ in blanks are found. */
const COMPARED = 20_000;
/** And how many letters, of all of them. */
const LETTERS = 2_000_000;
const LONGEST = 500;
const LEAST_LIKE = 0.5;

/** The line, from 1, that is most like the first one that says something in what was looked for. */
export function nearestLine(text: string, wanted: string): { line: number; text: string } | undefined {
  const first = wanted.split("\n").find((line) => line.trim() !== "");
  if (first === undefined) return undefined;
  const lines = text.split("\n");
  const plain = withoutBlanks(first);
  const same = lines.findIndex((line) => withoutBlanks(line) === plain);
  if (same !== -1) return { line: same + 1, text: shown(lines[same]) };
  const pairs = pairsOf(plain);
  let best = { line: 0, like: LEAST_LIKE };
  let left = LETTERS;
  for (const [index, line] of lines.slice(0, COMPARED).entries()) {
    const bare = withoutBlanks(line);
    left -= bare.length;
    if (left < 0) break;
    const like = likeness(pairs, pairsOf(bare));
    if (like > best.like) best = { line: index + 1, like };
  }
  return best.line === 0 ? undefined : { line: best.line, text: shown(lines[best.line - 1]) };
}

function withoutBlanks(line: string): string {
  return line.slice(0, LONGEST).replace(/\s+/g, " ").trim();
}

function shown(line: string | undefined): string {
  return (line ?? "").trim();
}

/** How much two texts have in common, by their pairs of letters: 1 is all (S. Dice's coefficient). */
function likeness(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let common = 0;
  for (const [pair, count] of one) common += Math.min(count, other.get(pair) ?? 0);
  const all = sum(one) + sum(other);
  return all === 0 ? 0 : (2 * common) / all;
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let at = 0; at + 1 < text.length; at += 1) {
    const pair = text.slice(at, at + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return pairs;
}

function sum(counts: ReadonlyMap<string, number>): number {
  let all = 0;
  for (const count of counts.values()) all += count;
  return all;
}
