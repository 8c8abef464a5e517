import type { Verb } from "../../components/verbs/verbs.ts";

/** As many as anybody reads; one more word finds the others. */
export const MOST_SHOWN = 50;

/**
 * Those that hold each of the typed words, the best first: where a word begins one of theirs before where it only lies within, and
 * that before where its letters stand far apart. What was used lately is first where nothing is typed, and among equals.
 */
export function findVerbs(verbs: readonly Verb[], typed: string, recent: readonly string[]): Verb[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const ages = new Map(recent.map((id, at) => [id, at]));
  const age = ({ id }: Verb) => ages.get(id) ?? recent.length;
  if (words.length === 0) {
    const shown = verbs.filter((verb) => verb.searchedOnly !== true || ages.has(verb.id));
    return shown.toSorted((a, b) => age(a) - age(b)).slice(0, MOST_SHOWN);
  }
  return verbs
    .map((verb) => ({ verb, score: scoreOf(verb, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || age(a.verb) - age(b.verb) || a.verb.label.length - b.verb.label.length)
    .slice(0, MOST_SHOWN)
    .map(({ verb }) => verb);
}

/** 0 where one of the words is not in it. */
function scoreOf({ label, group, words = "" }: Verb, typed: readonly string[]): number {
  const own = label.toLowerCase();
  const others = `${group} ${words}`.toLowerCase();
  let sum = 0;
  for (const word of typed) {
    const score = Math.max(2 * wordScore(own, word), wordScore(others, word));
    if (score === 0) return 0;
    sum += score;
  }
  return sum;
}

function wordScore(text: string, word: string): number {
  const at = text.indexOf(word);
  if (at === 0) return 100;
  if (at > 0) return text.includes(` ${word}`) || /[^a-z0-9]/.test(text[at - 1] ?? "") ? 80 : 50;
  // Two letters are in nearly everything.
  return word.length < 3 ? 0 : scattered(text, word);
}

/** Whether the letters stand in it in their order, and how near each other: 1 to 40. */
function scattered(text: string, word: string): number {
  let from = text.indexOf(word[0] ?? "");
  if (from === -1) return 0;
  const first = from;
  for (const letter of word.slice(1)) {
    from = text.indexOf(letter, from + 1);
    if (from === -1) return 0;
  }
  const span = from - first + 1;
  // Letters strewn over a whole sentence are no abbreviation of it.
  return span > word.length * 4 ? 0 : Math.max(1, Math.round((40 * word.length) / span));
}
