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
 * them for beginnings of longer names, too, which have to be granted themselves.
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

/**
 * What git is told of these repositories: what leads there, and longer beginnings that stay as they are. Of several that fit git
 * takes the longest, so that `org/repo` does not take `org/repo-two` with it. A name that goes on with another sign than these
 * comes all the same, and is told what to do: a line for every sign would be hundreds.
 */
export function sshRewrites(urls: readonly string[]): { led: { spelled: string; led: string }[]; left: string[] } {
  const spellings = urls.flatMap((url) => sshSpellings(url));
  const led = spellings.flatMap(({ spelled, led: to }) => [
    { spelled, led: to },
    { spelled: `${spelled}.git`, led: `${to}.git` },
  ]);
  const taken = new Set(led.map(({ spelled }) => spelled));
  const longer = spellings.flatMap(({ spelled }) => [
    ...AFTER_NAME.split("").map((sign) => `${spelled}${sign}`),
    ...AFTER_ENDING.split("").map((sign) => `${spelled}.git${sign}`),
  ]);
  return { led, left: [...new Set(longer)].filter((each) => !taken.has(each)) };
}

const AFTER_NAME = "-_.0123456789";
/** As in `org.github.io`, `.gitlab`, `.gitignore`. */
const AFTER_ENDING = "-_hil";

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
