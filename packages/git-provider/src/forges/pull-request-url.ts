import { formatAuthority, parseAuthority } from "../hosts.ts";

export interface PullRequestUrl {
  /** Of the repository: `https://host/owner/name`. */
  repository: string;
  /** `owner/name`. */
  fullName: string;
  number: number;
}

/** Reads the address of a pull request's page, or of a page below it; undefined for anything else. */
export function parsePullRequestUrl(text: string): PullRequestUrl | undefined {
  const match = /^https:\/\/([^/?#]+)\/([^/?#]+)\/([^/?#]+)\/pull\/(\d{1,10})(?:[/?#]|$)/i.exec(text.trim());
  const [, place = "", owner = "", name = "", digits = ""] = match ?? [];
  const authority = parseAuthority(place, 443);
  const number = Number(digits);
  if (authority === undefined || !isFullName(owner, name) || number === 0) return undefined;
  return { repository: `https://${formatAuthority(authority)}/${owner}/${name}`, fullName: `${owner}/${name}`, number };
}

/** Whether GitHub could have given these names. */
export function isFullName(owner: string, name: string): boolean {
  return /^[\w-]{1,100}$/.test(owner) && /^[\w.-]{1,100}$/.test(name) && name !== "." && name !== "..";
}
