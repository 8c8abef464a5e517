import type { WorkspaceId } from "@ws/workspace-core";
import { isPlainWords } from "./plain-words.ts";

/**
 * Whose secrets are taken out of a text, beside the worker's own: of the workspace that the text is about, or of all, where
 * nobody can say what it is about. What one workspace was given must not blind another's texts.
 */
export type Whose = WorkspaceId | "all";

/** Keeps secrets out of whatever is written: logs, the store's lines, the audit. */
export interface Redactor {
  /**
   * From now on this value, and its usual encodings, never come out again; a workspace's own not where its texts are
   * cleaned. Too short a value is ignored, and of a workspace's own also a word or a name.
   */
  add(secret: string, of?: WorkspaceId): void;
  /** Forgets what only these workspaces were given: they are gone, and nothing more is said of them. */
  drop(of: readonly WorkspaceId[]): void;
  /** Forgets secrets of the worker's own that have ended long ago, so that what is made anew each hour is not kept for good. */
  forget(secrets: readonly string[]): void;
  /** The text with every known secret replaced, also one of which it has the beginning alone because it was cut there, with or without a '…'. */
  clean(text: string, whose?: Whose): string;
  /** The same of every text in what is or will be JSON; its keys and its structure stay. */
  cleanLeaves<T>(value: T, whose?: Whose): T;
  /** Grows with every secret that becomes known: what was cleaned before has to be cleaned again. */
  revision(): number;
}

/** Shorter values ("1", "true", "vim") occur by chance, and removing them would make the text unreadable. */
const SHORTEST = 6;
/** Of a secret that a text was cut in the middle of, less than this may stay: so may a word begin that only looks like it. */
const SHORTEST_CUT = 12;
const MARK = "[redacted]";
const FILTER_SIZE = 1 << 18;

/** A secret as it may be written. */
interface Form {
  text: string;
  /** Whether it is the worker's own, besides those who have it. */
  everywhere: boolean;
  owners: Set<WorkspaceId>;
}

/**
 * Redaction by value: a pattern for what a token looks like misses the next kind of token. What it costs grows with the
 * text and hardly with the number of secrets, because every list of workspaces passes here.
 */
export function createRedactor(): Redactor {
  const known = new Map<string, Form>();
  /** The secrets' forms by how they begin, the longest first. */
  const byBeginning = new Map<string, Form[]>();
  let revision = 0;
  /** Whether any form can begin like this; spares a look into the map at nearly every place. */
  const filter = new Uint8Array(FILTER_SIZE);

  function learn(text: string, of: WorkspaceId | undefined): void {
    const form = known.get(text) ?? register({ text, everywhere: false, owners: new Set() });
    if (has(form, of)) return;
    if (of === undefined) form.everywhere = true;
    else form.owners.add(of);
    revision += 1;
  }

  function register(form: Form): Form {
    known.set(form.text, form);
    const beginning = form.text.slice(0, SHORTEST);
    const others = byBeginning.get(beginning) ?? [];
    byBeginning.set(
      beginning,
      [...others, form].sort((a, b) => b.text.length - a.text.length),
    );
    filter[fingerprint(form.text, 0)] = 1;
    return form;
  }

  function drop(of: readonly WorkspaceId[]): void {
    for (const form of known.values()) for (const owner of of) form.owners.delete(owner);
    sweep();
  }

  function forget(secrets: readonly string[]): void {
    for (const text of secrets.flatMap(partsOf).flatMap((part) => [...encodings(part)])) {
      const form = known.get(text);
      if (form !== undefined) form.everywhere = false;
    }
    sweep();
  }

  /** Without those that are nobody's any more. */
  function sweep(): void {
    const left = [...known.values()].filter(({ everywhere, owners }) => everywhere || owners.size > 0);
    if (left.length === known.size) return;
    known.clear();
    byBeginning.clear();
    filter.fill(0);
    for (const form of left) register(form);
  }

  /** The length of the longest secret that stands here, or of its beginning where the text ends in it; 0 where there is none. */
  function secretAt(text: string, at: number, whose: Whose | undefined): number {
    if (filter[fingerprint(text, at)] === 0) return 0;
    const forms = (byBeginning.get(text.slice(at, at + SHORTEST)) ?? []).filter((form) => isOf(form, whose));
    if (forms.some((form) => isCutIn(form.text, text, at))) return text.length - at;
    return forms.find((form) => text.startsWith(form.text, at))?.text.length ?? 0;
  }

  function clean(text: string, whose?: Whose): string {
    let result = "";
    let copied = 0;
    for (let at = 0; at + SHORTEST <= text.length; at += 1) {
      const length = secretAt(text, at, whose);
      if (length === 0) continue;
      // One that begins within another is part of the same gap, so that nothing of either stays.
      if (at >= copied) result += text.slice(copied, at) + MARK;
      copied = Math.max(copied, at + length);
    }
    return copied === 0 ? text : result + text.slice(copied);
  }

  function cleanLeaves(value: unknown, whose?: Whose): unknown {
    if (typeof value === "string") return clean(value, whose);
    if (Array.isArray(value)) return value.map((leaf) => cleanLeaves(leaf, whose));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, leaf]) => [key, cleanLeaves(leaf, whose)]));
  }

  return {
    add(secret, of) {
      const form = known.get(secret);
      if (form !== undefined && has(form, of)) return;
      for (const part of partsOf(secret)) {
        if (part.trim().length < SHORTEST || (of !== undefined && isPlainWords(part))) continue;
        for (const text of encodings(part)) learn(text, of);
      }
    },
    drop,
    forget,
    clean: (text, whose) => (known.size === 0 ? text : clean(text, whose)),
    cleanLeaves: <T>(value: T, whose?: Whose) => cleanLeaves(value, whose) as T,
    revision: () => revision,
  };
}

/** Whether the text was cut, from here on, in the middle of this secret. */
function isCutIn(secret: string, text: string, at: number): boolean {
  const end = text.endsWith("…") ? text.length - 1 : text.length;
  return end - at >= SHORTEST_CUT && end - at < secret.length && secret.startsWith(text.slice(at, end));
}

/** A key of several lines is logged line by line. */
function partsOf(secret: string): string[] {
  return secret.includes("\n") ? [secret, ...secret.split(/\r?\n/)] : [secret];
}

function has({ everywhere, owners }: Form, of: WorkspaceId | undefined): boolean {
  return of === undefined ? everywhere : owners.has(of);
}

function isOf({ everywhere, owners }: Form, whose: Whose | undefined): boolean {
  return everywhere || whose === "all" || (whose !== undefined && owners.has(whose));
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
