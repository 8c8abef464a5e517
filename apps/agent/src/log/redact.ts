/** Keeps secrets out of whatever is written: logs, the store's lines, the audit. */
export interface Redactor {
  /** From now on this value, and its usual encodings, never come out again. Too short a value is ignored. */
  add(secret: string): void;
  /** The text with every known secret replaced. */
  clean(text: string): string;
}

/** Shorter values occur by chance, and removing them would make the text unreadable. */
const SHORTEST = 6;
const MARK = "[redacted]";

/** Redaction by value: a pattern for what a token looks like misses the next kind of token. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  let needles: string[] = [];
  return {
    add(secret) {
      // A key of several lines is logged line by line.
      const parts = secret.includes("\n") ? [secret, ...secret.split(/\r?\n/)] : [secret];
      const before = known.size;
      for (const part of parts) {
        if (part.trim().length >= SHORTEST) for (const form of encodings(part)) known.add(form);
      }
      // The longest first, so that a secret inside another does not leave the rest of the outer one.
      if (known.size !== before) needles = [...known].sort((a, b) => b.length - a.length);
    },
    clean(text) {
      let result = text;
      for (const needle of needles) if (result.includes(needle)) result = result.replaceAll(needle, MARK);
      return result;
    },
  };
}

function* encodings(secret: string): Generator<string> {
  yield secret;
  yield JSON.stringify(secret).slice(1, -1);
  yield encodeURIComponent(secret);
  yield new URLSearchParams([["", secret]]).toString().slice(1);
  yield Buffer.from(secret).toString("hex");
  for (const core of base64Cores(secret)) {
    yield core;
    yield core.replaceAll("+", "-").replaceAll("/", "_");
  }
}

/** Base64 of `user:secret` contains the secret at one of three alignments; its border characters depend on the neighbours. */
function* base64Cores(secret: string): Generator<string> {
  const bytes = Buffer.from(secret);
  for (const lead of [0, 1, 2]) {
    const text = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const start = lead === 0 ? 0 : lead + 1;
    const end = (lead + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    const core = text.slice(start, end);
    if (core.length >= SHORTEST) yield core;
  }
}
