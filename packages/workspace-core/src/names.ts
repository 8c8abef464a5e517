import { WsError } from "./errors.ts";

/** What a workspace may be called: a DNS label, so that the name can also be a host name. */
export const NAME_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Returns the name unchanged. Throws `invalid_name` where it is not a DNS label. */
export function parseName(name: string): string {
  if (NAME_PATTERN.test(name)) return name;
  const suggestion = suggestName(name);
  throw new WsError("invalid_name", {
    message: `'${excerpt(name)}' is not a workspace name: use 1 to 63 lower-case letters, digits and inner hyphens.`,
    next: suggestion ? `Try '${suggestion}'.` : "Try a name such as 'demo'.",
    data: { name: excerpt(name) },
  });
}

/** The nearest legal name, or undefined where nothing of the text can be kept. */
export function suggestName(text: string): string | undefined {
  if (NAME_PATTERN.test(text)) return text;
  const label = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return label === "" ? undefined : label;
}

/** The beginning of a refused text as a message quotes it: no control character of it reaches a terminal or a log line. */
export function excerpt(text: string): string {
  const [beginning = ""] = /^.{0,80}/su.exec(text) ?? [];
  return beginning.replace(/\p{C}/gu, "\uFFFD");
}
