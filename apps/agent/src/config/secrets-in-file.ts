/** Files of credentials are smaller; what is larger is data, of which nobody can tell what is secret. */
const MOST_BYTES = 256 * 1024;
const MOST_FOUND = 500;

/** Something long in one piece. */
const LONG = /[A-Za-z0-9_+/=.~-]{16,}/g;
/** What stands where files say that a secret does. */
const NAMED = /(?:password|passwd|secret|token|key)["']?[ \t]*[:= \t][ \t]*["']?([^\s"',;]{6,})/gi;
/** A part of a path or of a name is seldom as long, and seldom has digits too. */
const LEAST_PART = 12;

/**
 * What of a file looks like a secret, for whoever keeps secrets out of texts: all of it where it is one word, else what is long and has letters and digits,
 * and what is called a password or a key. The rest, such as the names in a `.gitconfig`, must stay readable.
 */
export function secretsInFile(content: Uint8Array): string[] {
  if (content.length > MOST_BYTES) return [];
  const text = Buffer.from(content).toString();
  const whole = text.trim();
  const long = [...text.matchAll(LONG)].map(([word]) => word).filter(isRandom);
  const named = [...text.matchAll(NAMED)].map(([, value = ""]) => value);
  // JSON without spaces is one word, too, and has secrets in it that may be printed by themselves.
  return [...new Set([...(/^\S+$/.test(whole) ? [whole] : []), ...long, ...named])].slice(0, MOST_FOUND);
}

function isRandom(word: string): boolean {
  return word.split(/[/._~-]/).some((part) => part.length >= LEAST_PART && /\d/.test(part) && /[A-Za-z]/.test(part));
}
