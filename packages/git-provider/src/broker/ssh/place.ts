import { type Authority, formatAuthority } from "../../hosts.ts";
import { parseRepositoryUrl } from "../../repo-url.ts";

/** Where an ssh URL leads. */
export interface SshPlace {
  authority: Authority;
  user: string;
  /** As the server's shell is given it, before quoting; relative to the user's home where it does not begin with a slash. */
  path: string;
}

/** Before the user and host of a place in the forward's URLs that is reached by ssh. */
export const SSH_MARK = "ssh:";

/** Undefined for a URL that is not ssh. Throws `invalid_clone_url`. */
export function sshPlace(url: string): SshPlace | undefined {
  return readPlace(url)?.place;
}

/**
 * The beginnings by which git may know this one repository, each with what leads there below the forward's origin. Git takes
 * them for beginnings of longer names, too: those lead the same way, and have to be granted themselves.
 */
export function sshSpellings(url: string): { spelled: string; led: string }[] {
  const read = readPlace(url);
  if (read === undefined) return [];
  const { user, authority } = read.place;
  const host = formatAuthority(authority);
  const path = read.written.replace(/^\//, "").replace(/\.git$/i, "");
  const spelled = [`ssh://${user}@${host}/${path}`];
  if (user === "git") spelled.push(`ssh://${host}/${path}`);
  if (authority.port === undefined) {
    spelled.push(`ssh://${user}@${host}:22/${path}`, `${user}@${host}:${path}`, `${user}@${host}:/${path}`);
  }
  return spelled.map((each) => ({ spelled: each, led: `${SSH_MARK}${user}@${host}/${path}` }));
}

function readPlace(url: string): { place: SshPlace; written: string } | undefined {
  const { protocol, url: plain, host, port, user = "git" } = parseRepositoryUrl(url);
  if (protocol !== "ssh") return undefined;
  const authority = { host, ...(port === undefined ? {} : { port }) };
  const inUrl = /^ssh:\/\/[^/]+(\/.*)$/.exec(plain)?.[1];
  // The form without a scheme knows no escapes.
  const written = inUrl ?? /^[^@]+@(?:\[[^\]]*\]|[^:]+):(.*)$/.exec(plain)?.[1] ?? "";
  const path = inUrl === undefined ? written : decodeURIComponent(inUrl).replace(/^\/~/, "~");
  return { place: { authority, user, path }, written };
}
