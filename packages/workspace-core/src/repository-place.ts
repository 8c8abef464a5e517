import { WsError } from "./errors.ts";
import { excerpt } from "./names.ts";

/** Where a repository lives. */
export interface RepositoryPlace {
  protocol: "https" | "ssh";
  /** Of an ssh URL that names another one than `git`. */
  user?: string;
  /** Lower case, with the port where it is not the protocol's own. */
  host: string;
  /** Without `.git` and without the slash before it; as it was written. */
  path: string;
}

const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?$/;
const PATH = /^(?!-)[\w.~+@%=,:-]+(?:\/[\w.~+@%=,:-]+)*$/;

/** Takes `https://host/owner/name`, `host/owner/name`, `git@host:owner/name` and `ssh://git@host/owner/name`. Throws `invalid_clone_url`. */
export function repositoryAt(reference: string): RepositoryPlace {
  const ssh =
    /^ssh:\/\/(?:([\w.-]+)@)?([^/@]+)\/(.+)$/i.exec(reference) ??
    /^([\w.-]+)@([^/@:]+|\[[^\]]+\]):\/?(.+)$/.exec(reference);
  const [, login, place, rest] = ssh ?? /^(?:https:\/\/)?()([^/@]+)\/(.+)$/i.exec(reference) ?? [];
  const protocol = ssh === null ? "https" : "ssh";
  const host = place?.toLowerCase().replace(protocol === "https" ? /:443$/ : /:22$/, "") ?? "";
  const path = rest?.replace(/\/+$/, "").replace(/\.git$/i, "") ?? "";
  const hidden = /%(?![0-9a-f]{2})|%(?:[01][0-9a-f]|7f|2f|5c)/i.test(path);
  const walks = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  if (HOST.test(host) && PATH.test(path) && !hidden && !walks) {
    return { protocol, host, path, ...(login === undefined || isUsual(login) ? {} : { user: login }) };
  }
  const shown = excerpt(reference.replace(/\/\/[^/]*@/, "//***@"));
  throw new WsError("invalid_clone_url", {
    message: `'${shown}' is not a repository that a credential could be for.`,
    next: "Use https://host/owner/repo, host/owner/repo or git@host:owner/repo.",
    data: { url: shown },
  });
}

/**
 * The one spelling of a repository, by which rights to it are looked up: the same over https and ssh, with and without `.git`, a
 * slash at the end or escapes. How it is reached is no part of it: that is said by what a right is with. Throws `URIError`.
 */
export function repositoryKey({ user, host, path }: Omit<RepositoryPlace, "protocol">): string {
  const segments = path.split("/").filter((segment) => segment !== "");
  const plain = segments.map((segment) => encodeURIComponent(decodeURIComponent(segment)));
  // What another user has in its home is another repository.
  const login = user === undefined || isUsual(user) ? "" : `${user}@`;
  return `${login}${host}/${plain.join("/").replace(/\.git$/i, "")}`;
}

/** The key of a repository's URL. Throws `invalid_clone_url`. */
export function repositoryKeyOf(url: string): string {
  return repositoryKey(repositoryAt(url));
}

function isUsual(user: string): boolean {
  return user === "" || user === "git";
}
