/** As words are written, of at most 15 letters: longer ones are how some services write their keys. */
const WORDS = /^(?:(?:\p{Lu}?\p{Ll}{1,15}|\p{Lu}{1,15})(?:[\s._/-]+|$))+$/u;

/**
 * Whether a text is words and names as people write them, such as `production` or `Europe/Berlin`. They hide nothing, and
 * a log without them could not be read.
 */
export function isPlainWords(text: string): boolean {
  return WORDS.test(text);
}
