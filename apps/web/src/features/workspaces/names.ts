/** Whether a workspace can be called this: a DNS label. */
export function isName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** A legal name made from a repository's URL, or the empty text where nothing of it can be kept. */
export function nameFromUrl(url: string): string {
  const last =
    url
      .trim()
      .replace(/[?#].*$/, "")
      .replace(/\/+$/, "")
      .split(/[/:]/)
      .at(-1) ?? "";
  return last
    .replace(/\.git$/, "")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
}

/** A repository's URL as people say it: without scheme, user and `.git`. */
export function shortRepository(url: string): string {
  return url
    .replace(/^[a-z+]+:\/\//, "")
    .replace(/^[^@/]*@/, "")
    .replace(/\.git$/, "");
}

/** The last two words of a repository's URL: who has it, and what it is called. */
export function lastOfRepository(url: string): string {
  return shortRepository(url).split(/[/:]/).filter(Boolean).slice(-2).join("/");
}
