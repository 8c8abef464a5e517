/** Keeps secrets out of whatever is written: logs, the store's lines, the audit. */
export interface Redactor {
  /** From now on this value, and its usual encodings, never come out again. Too short a value is ignored. */
  add(secret: string): void;
  /** The text with every known secret replaced. */
  clean(text: string): string;
  /** The same of every text in what is or will be JSON; its keys and its structure stay. */
  cleanLeaves<T>(value: T): T;
  /** Grows with every secret that becomes known: what was cleaned before has to be cleaned again. */
  revision(): number;
}

/** Shorter values ("1", "true", "vim") occur by chance, and removing them would make the text unreadable. */
const SHORTEST = 6;
const MARK = "[redacted]";
const FILTER_SIZE = 1 << 18;

/**
 * Redaction by value: a pattern for what a token looks like misses the next kind of token. What it costs grows with the
 * text and hardly with the number of secrets, because every list of workspaces passes here.
 */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  /** The secrets' forms by how they begin, the longest first. */
  const byBeginning = new Map<string, string[]>();
  /** Whether any form can begin like this; spares a look into the map at nearly every place. */
  const filter = new Uint8Array(FILTER_SIZE);

  function learn(form: string): void {
    if (known.has(form)) return;
    known.add(form);
    const beginning = form.slice(0, SHORTEST);
    const others = byBeginning.get(beginning) ?? [];
    byBeginning.set(
      beginning,
      [...others, form].sort((a, b) => b.length - a.length),
    );
    filter[fingerprint(form, 0)] = 1;
  }

  /** The length of the longest secret that stands here; 0 where none does. */
  function secretAt(text: string, at: number): number {
    if (filter[fingerprint(text, at)] === 0) return 0;
    const forms = byBeginning.get(text.slice(at, at + SHORTEST)) ?? [];
    return forms.find((form) => text.startsWith(form, at))?.length ?? 0;
  }

  function clean(text: string): string {
    let result = "";
    let copied = 0;
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      const length = secretAt(text, at);
      if (length === 0) continue;
      // One that begins within another is part of the same gap, so that nothing of either stays.
      if (at >= copied) result += text.slice(copied, at) + MARK;
      copied = Math.max(copied, at + length);
    }
    return copied === 0 ? text : result + text.slice(copied);
  }

  function cleanLeaves(value: unknown): unknown {
    if (typeof value === "string") return clean(value);
    if (Array.isArray(value)) return value.map(cleanLeaves);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, leaf]) => [key, cleanLeaves(leaf)]));
  }

  return {
    add(secret) {
      if (known.has(secret)) return;
      // A key of several lines is logged line by line.
      const parts = secret.includes("\n") ? [secret, ...secret.split(/\r?\n/)] : [secret];
      for (const part of parts) {
        if (part.trim().length >= SHORTEST) for (const form of encodings(part)) learn(form);
      }
    },
    clean: (text) => (known.size === 0 ? text : clean(text)),
    cleanLeaves: <T>(value: T) => cleanLeaves(value) as T,
    revision: () => known.size,
  };
}

function fingerprint(text: string, at: number): number {
  let hash = 0;
  for (let next = at; next < at + SHORTEST; next += 1) hash = Math.imul(hash, 31) + text.charCodeAt(next);
  return (hash ^ (hash >>> 15)) & (FILTER_SIZE - 1);
}

function* encodings(secret: string): Generator<string> {
  yield secret;
  yield JSON.stringify(secret).slice(1, -1);
  // Half a surrogate pair has no encoding, and a program that met one would have replaced it.
  yield encodeURIComponent(secret.toWellFormed());
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
