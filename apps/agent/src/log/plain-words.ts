/** A word of at most 15 letters, or a name of three: longer ones are how some services write their keys. */
const NAME = /^(?:\p{Lu}?\p{Ll}{1,15}|\p{Lu}{1,15})(?:[/_-](?:\p{Lu}?\p{Ll}{1,15}|\p{Lu}{1,15})){0,2}$/u;
const CAPITALIZED = /\p{Lu}\p{Ll}/u;

/**
 * Whether a text is a word or a name as people write them, such as `production` or `Europe/Berlin`. They hide nothing, and a
 * log without them could not be read. More words are a passphrase, and small words of one length a password in groups.
 */
export function isPlainWords(text: string): boolean {
  if (!NAME.test(text)) return false;
  const [first = "", ...others] = text.split(/[/_-]/);
  return others.length === 0 || CAPITALIZED.test(text) || others.some(({ length }) => length !== first.length);
}
