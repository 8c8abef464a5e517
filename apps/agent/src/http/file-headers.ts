/** The bytes that were asked for: from one on, up to another, or the last so many. */
export interface AskedRange {
  from?: number;
  /** Behind the last one. */
  to?: number;
  last?: number;
}

/** One range of bytes; undefined for none, and for what may be answered with the whole (RFC 9110, 14.2). */
export function parseRange(header: string | undefined): AskedRange | undefined {
  const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
  if (first === "") return last === "" ? undefined : { last: Number(last) };
  if (last === "") return { from: Number(first) };
  return Number(last) < Number(first) ? undefined : { from: Number(first), to: Number(last) + 1 };
}

/** Saved and not shown, under its own name in whatever letters (RFC 6266). */
export function attachment(name: string): { "content-disposition": string } {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const escaped = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return { "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${escaped}` };
}

/** A version as a header holds it. */
export function entityTag(version: string): string {
  return `"${encodeURIComponent(version)}"`;
}
