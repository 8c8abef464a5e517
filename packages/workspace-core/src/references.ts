import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";

/** A place to work in as a prompt names it: `#gh:org/repo`, `#cd(.)`, `#git_tool`. */
export interface Reference {
  /** The workflow type: `gh`. */
  type: string;
  /** What the type's provider resolves: `org/repo`. */
  ref: string;
  form: "colon" | "parentheses" | "underscore";
  /** As it is written. */
  text: string;
  /** Where it begins in the text it was found in. */
  start: number;
}

const TYPE = "[a-z][a-z0-9-]*";
const TYPE_PATTERN = new RegExp(`^${TYPE}$`);
/** What may stand in a reference without parentheses; what ends a sentence is taken off afterwards. */
const PLAIN = String.raw`[\p{L}\p{M}\p{N}_./~@+:-]`;
/** A word begins here: after white space, an opening bracket or a quote. */
const BEFORE = String.raw`(?<![^\s([{"'\x60])`;

/** A workflow type as references spell it: lower-case letters, digits and inner hyphens, so that `#gh_tool` parts at its first underscore. */
export function isWorkflowType(text: string): boolean {
  return TYPE_PATTERN.test(text) && !text.endsWith("-");
}

/** The source of a regular expression (flag `u`) for the references of a type, which the provider's metadata shows; the reference is group 1 or 2. */
export function referencePattern(type: string): string {
  return String.raw`${BEFORE}#${type}(?:[_:](${PLAIN}+)|\(([^()\r\n]+)\))`;
}

/**
 * The references in a text, in its order. `#type:ref` and `#type(ref)` are references whatever the type; `#type_ref` only
 * for one of these types, because `#some_word` may be anything.
 */
export function findReferences(text: string, types: readonly string[]): Reference[] {
  const pattern = new RegExp(String.raw`${BEFORE}#(${TYPE})(?:([_:])(${PLAIN}+)|\(([^()\r\n]+)\))`, "gu");
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [whole, type = "", sign, plain, inside] = match;
    if (sign === "_" && !types.includes(type)) return [];
    const ref = plain === undefined ? (inside ?? "").trim() : withoutPunctuation(plain);
    if (ref === "" || !isWorkflowType(type)) return [];
    const form = plain === undefined ? "parentheses" : sign === "_" ? "underscore" : "colon";
    const written = plain === undefined ? whole : `#${type}${sign}${ref}`;
    return [{ type, ref, form, text: written, start: match.index }];
  });
}

/** One reference and nothing else. Throws `reference_invalid`. */
export function parseReference(text: string, types: readonly string[]): Reference {
  const wanted = text.trim();
  const [found] = findReferences(wanted, types);
  if (found !== undefined && found.text === wanted) return found;
  throw new WsError("reference_invalid", {
    message: `'${excerpt(text)}' is not a reference.`,
    next: "Write #type:ref, #type(ref) or #type_ref, such as #gh:org/repo or #cd(.).",
    data: { reference: excerpt(text) },
  });
}

/** The shortest way to write it that is read back as the same. */
export function formatReference({ type, ref }: Pick<Reference, "type" | "ref">): string {
  const plain = `#${type}:${ref}`;
  const [found] = findReferences(plain, [type]);
  return found?.text === plain ? plain : `#${type}(${ref})`;
}

/** The references of a prompt, `#cd:~` where it has none, and the prompt without them. */
export function readPrompt(
  prompt: string,
  types: readonly string[],
): { references: Reference[]; implied: boolean; text: string } {
  const found = findReferences(prompt, types);
  let text = prompt;
  for (const { start, text: written } of found.toReversed()) {
    const after = text.slice(start + written.length);
    text = text.slice(0, start) + (/(?:^|\s)$/.test(text.slice(0, start)) ? after.replace(/^[ \t]+/, "") : after);
  }
  if (found.length > 0) return { references: found, implied: false, text: text.trim() };
  return { references: [parseReference("#cd:~", types)], implied: true, text: text.trim() };
}

/** What ends a sentence belongs to the sentence; `.` and `..` as a last segment are directories. */
function withoutPunctuation(plain: string): string {
  const slash = plain.lastIndexOf("/") + 1;
  const last = plain.slice(slash);
  const [dots = ""] = /^\.{0,2}(?=[.:]*$)/.exec(last) ?? [];
  return plain.slice(0, slash) + (dots === "" ? last.replace(/[.:]+$/, "") : dots);
}
