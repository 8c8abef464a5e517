import { type Authority, formatAuthority } from "../hosts.ts";
import { parseRepositoryUrl } from "../repo-url.ts";

/**
 * The one spelling of an https repository, by which rights are looked up: forges serve `o/r` and `o/r.git` alike, and an
 * escape or a slash at the end must not make another repository of it.
 */
export function repositoryKey(authority: Authority, path: string): string {
  const segments = path.split("/").filter((segment) => segment !== "");
  const plain = segments.map((segment) => encodeURIComponent(decodeURIComponent(segment)));
  return `https://${formatAuthority(authority)}/${plain.join("/").replace(/\.git$/, "")}`;
}

/** The key of a repository's URL; undefined for one that https does not lead to. */
export function keyOfUrl(url: string): string | undefined {
  const parsed = parseRepositoryUrl(url);
  if (parsed.protocol !== "https") return undefined;
  return repositoryKey(parsed, parsed.url.slice(`https://${formatAuthority(parsed)}/`.length));
}
