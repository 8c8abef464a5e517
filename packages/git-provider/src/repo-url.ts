import { WsError } from "@ws/workspace-core";
import { type Authority, formatAuthority, parseAuthority } from "./hosts.ts";

/** A reference to a repository, taken apart. No part begins with '-', and none holds a secret. */
export interface RepositoryUrl extends Authority {
  protocol: "https" | "ssh";
  /** As git is given it; parsing it again gives the same object. */
  url: string;
  /** Last path segment without `.git`, fit to be a directory's name. */
  name: string;
  /** Of an ssh URL. */
  user?: string;
}

const FORMS = "Use https://host/owner/repo, host/owner/repo (https too) or git@host:owner/repo (ssh).";

const ON_WORKER = "A bare repository of the worker itself is '#git:/path/repo.git', or '#git:NAME'.";

/**
 * Parses what a person types for a repository: https where no scheme is given, ssh for `git@host:path`.
 * Throws `invalid_clone_url` for everything else: other schemes, options, user info, control characters.
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  const reference = text.replace(/^ +| +$/g, "");
  if (reference === "") throw refuse(text, "is empty");
  if (reference.length > 2_000) throw refuse(text, "is longer than 2,000 characters");
  if (!/^[\x21-\x7e]+$/.test(reference)) throw refuse(text, "holds a character other than printable ASCII");
  const found = /[\\?#"'`<>|;$*(){}^&!]/.exec(reference);
  if (found) throw refuse(text, `holds ${found[0]}, which no repository URL needs`);

  const scheme = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(reference);
  if (scheme?.[1] !== undefined && scheme[2] !== undefined) {
    const protocol = scheme[1].toLowerCase();
    if (protocol === "https") return httpsUrl(text, scheme[2]);
    if (protocol === "ssh") return sshUrl(text, scheme[2]);
    throw refuse(text, `has the scheme '${protocol}'; only https and ssh are used`);
  }
  const scp = /^([^@/:]+)@(\[[^\]]*\]|[^@/:]+):(.*)$/.exec(reference);
  if (scp?.[1] !== undefined && scp[2] !== undefined && scp[3] !== undefined) {
    return scpUrl(text, scp[1], scp[2], scp[3]);
  }
  return bareUrl(text, reference);
}

function httpsUrl(text: string, rest: string): RepositoryUrl {
  const [place, path] = splitAtSlash(rest);
  if (place.includes("@")) {
    throw new WsError("invalid_clone_url", {
      message: `The URL '${shown(text)}' holds a user name or a password, which would be stored with the workspace.`,
      next: "Leave it out of the URL, and give it to the worker: 'ws login github' or 'ws credential set NAME --host HOST'.",
      data: { url: shown(text) },
    });
  }
  const authority = authorityOf(text, place, 443);
  const { clean, name } = repositoryPath(text, path, true);
  return { protocol: "https", url: `https://${formatAuthority(authority)}/${clean}`, name, ...authority };
}

function sshUrl(text: string, rest: string): RepositoryUrl {
  const [place, path] = splitAtSlash(rest);
  const at = place.lastIndexOf("@");
  const authority = authorityOf(text, place.slice(at + 1), 22);
  const user = at === -1 ? undefined : userOf(text, place.slice(0, at));
  const { clean, name } = repositoryPath(text, path, true);
  const prefix = user === undefined ? "" : `${user}@`;
  const url = `ssh://${prefix}${formatAuthority(authority)}/${clean}`;
  return { protocol: "ssh", url, name, ...authority, ...(user === undefined ? {} : { user }) };
}

/** `git@host:path`: the path is relative to the user's home there, so it cannot be written as an ssh:// URL. */
function scpUrl(text: string, login: string, place: string, path: string): RepositoryUrl {
  const authority = authorityOf(text, place, 22);
  const user = userOf(text, login);
  const root = path.startsWith("/") ? "/" : "";
  const { clean, name } = repositoryPath(text, path.slice(root.length), false);
  if (clean.startsWith("-")) throw refuse(text, "has a path that begins with '-'");
  return { protocol: "ssh", url: `${user}@${formatAuthority(authority)}:${root}${clean}`, name, ...authority, user };
}

function bareUrl(text: string, reference: string): RepositoryUrl {
  const [place] = splitAtSlash(reference);
  const authority = parseAuthority(place, 443);
  const isHost = authority !== undefined && (place === "localhost" || /[.:]/.test(place));
  if (isHost || place.includes("@")) return httpsUrl(text, reference);
  const hint = /^\w[\w.-]*\/[\w.-]+$/.test(reference) ? ` (did you mean https://github.com/${reference}?)` : "";
  throw refuse(text, `does not begin with a host${hint}`);
}

function authorityOf(text: string, place: string, defaultPort: number): Authority {
  const authority = parseAuthority(place, defaultPort);
  if (authority === undefined) throw refuse(text, "has no valid host and port");
  return authority;
}

function userOf(text: string, user: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/.test(user)) return user;
  throw refuse(text, "has no valid ssh user (a password cannot be part of it)");
}

function repositoryPath(text: string, path: string, decodes: boolean): { clean: string; name: string } {
  const clean = path.replace(/\/+$/, "");
  if (clean === "") throw refuse(text, "names no repository");
  const segments = clean.split("/").map((segment) => decodeSegment(text, segment, decodes));
  const name = directoryName(segments.at(-1) ?? "");
  if (name === "") throw refuse(text, "names no repository");
  return { clean, name };
}

function decodeSegment(text: string, segment: string, decodes: boolean): string {
  if (segment === "") throw refuse(text, "has an empty path segment");
  if (!(decodes ? /^[\w.~+@%=,:-]+$/ : /^[\w.~+@=,:-]+$/).test(segment)) {
    throw refuse(text, "has a character in its path that no repository URL needs");
  }
  const decoded = decodes ? percentDecode(segment) : segment;
  if (decoded === undefined || /[\p{C}/\\]/u.test(decoded)) throw refuse(text, "has an escape that hides a character");
  if (decoded === "." || decoded === "..") throw refuse(text, `has the path segment '${decoded}'`);
  return decoded;
}

function percentDecode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** Leading dots go too: a repository called `.ssh` or `.config` must not become that directory of the home. */
function directoryName(segment: string): string {
  return segment
    .replace(/\.git$/i, "")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[.-]+/, "")
    .slice(0, 100)
    .replace(/[.-]+$/, "");
}

function splitAtSlash(text: string): [string, string] {
  const slash = text.indexOf("/");
  return slash === -1 ? [text, ""] : [text.slice(0, slash), text.slice(slash + 1)];
}

function refuse(text: string, why: string): WsError<"invalid_clone_url"> {
  return new WsError("invalid_clone_url", {
    message: `'${shown(text)}' is not a repository URL that can be cloned: it ${why}.`,
    next: /^ *(?:file:|[/~]|\.{1,2}(?:\/|$))/i.test(text) ? `${FORMS} ${ON_WORKER}` : FORMS,
    data: { url: shown(text) },
  });
}

/** Neither control characters nor what stands before an '@' may reach a terminal or a log line. */
function shown(text: string): string {
  return text
    .replace(/[^\x20-\x7e]/g, "\uFFFD")
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)?(?!git@)[^/]*@/i, "$1***@")
    .slice(0, 200);
}
