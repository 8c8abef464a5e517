import type { CommitFormat } from "../provider.ts";

const TRAILER = /^[A-Za-z0-9-]+: .*$/;

/**
 * A description with the project's prefix before its first line and tags as git's trailers after its last paragraph. What is
 * there already stays as it is, so that repeating changes nothing.
 */
export function withCommitFormat(description: string, { project, bug, fixedBug }: CommitFormat): string {
  const { prefix = "", tags = {} } = project?.commit ?? {};
  const wanted = Object.entries({
    ...tags,
    ...(bug === undefined ? {} : { Bug: bug }),
    ...(fixedBug === undefined ? {} : { Fixed: fixedBug }),
  }).flatMap(([name, value]) => {
    const line = value.replace(/\s+/g, " ").trim();
    return line === "" ? [] : [[name, line] as const];
  });
  const body = description.trimEnd();
  if (body === "") return description;
  const prefixed = prefix === "" || body.startsWith(prefix) ? body : `${prefix}${body}`;
  const paragraphs = prefixed.split(/\n{2,}/);
  const last = (paragraphs.at(-1) ?? "").split("\n");
  const hasTrailers = paragraphs.length > 1 && last.every((line) => TRAILER.test(line));
  const present = hasTrailers ? last : [];
  const has = (name: string): boolean =>
    present.some((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `));
  const added = wanted.filter(([name]) => !has(name)).map(([name, value]) => `${name}: ${value}`);
  if (added.length === 0) return prefixed === body ? description : prefixed;
  return `${prefixed}${present.length > 0 ? "\n" : "\n\n"}${added.join("\n")}\n`;
}
