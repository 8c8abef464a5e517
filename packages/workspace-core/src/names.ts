import { WsError } from "./errors.ts";

/** What a workspace may be called: a DNS label, so that the name can also be a host name. */
export const NAME_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Returns the name unchanged. Throws `invalid_name` where it is not a DNS label. */
export function parseName(name: string): string {
  if (NAME_PATTERN.test(name)) return name;
  const suggestion = suggestName(name);
  throw new WsError("invalid_name", {
    message: `'${printable(name)}' is not a workspace name: use 1 to 63 lower-case letters, digits and inner hyphens.`,
    next: suggestion ? `Try '${suggestion}'.` : "Try a name such as 'demo'.",
    data: { name: printable(name) },
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

/** Control characters in a refused name must not reach a terminal or a log line. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, "\uFFFD").slice(0, 80);
}
