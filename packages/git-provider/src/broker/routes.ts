import { repositoryKey } from "@ws/workspace-core";
import { type Authority, formatAuthority, parseAuthority } from "../hosts.ts";
import { isSame } from "./same.ts";

/** One request of git's smart HTTP protocol, taken apart. */
export interface GitRoute {
  /** `advertise`: which refs there are. `exchange`: the transfer itself. */
  kind: "advertise" | "exchange";
  service: "upload-pack" | "receive-pack";
  authority: Authority;
  /** The repository's path on that host, without slashes around it, as git sent it. */
  repository: string;
  /** `user:password` where the remote's URL held it. */
  userInfo?: string;
  /** Path and query to ask the host for. */
  target: string;
  /** Git asked its helpers for a credential of this host, and none has one. */
  knowsNone?: true;
}

export class RouteRefused extends Error {
  override readonly name = "RouteRefused";
  readonly status: number;

  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

const SERVICE = /^(.+)\/(?:info\/refs\?service=git-(upload-pack|receive-pack)|git-(upload-pack|receive-pack))$/;

/**
 * Reads `/CAPABILITY/HOST/REPOSITORY/…`; nothing but fetch and push of the smart protocol is served. Throws `RouteRefused`.
 */
export function parseRoute(method: string, url: string, capability: string): GitRoute {
  const [, given = "", place = "", rest = ""] = /^\/([^/?]*)\/([^/?]*)\/(.*)$/.exec(url) ?? [];
  if (!isSame(given, capability)) {
    throw new RouteRefused(403, "Workspace does not lead there: git's configuration is from an earlier connection.");
  }
  const match = SERVICE.exec(rest);
  const [, repository = "", advertised, exchanged] = match ?? [];
  const service = (advertised ?? exchanged) as GitRoute["service"] | undefined;
  if (service === undefined || method !== (advertised === undefined ? "POST" : "GET")) {
    throw new RouteRefused(403, "Workspace does not lead there: only git's smart fetch and push are served.");
  }
  const at = place.lastIndexOf("@");
  const authority = parseAuthority(place.slice(at + 1), 443);
  if (authority === undefined || !isPlainPath(repository)) {
    throw new RouteRefused(400, "Workspace does not lead there: the URL's host or path is not plain.");
  }
  return {
    kind: advertised === undefined ? "exchange" : "advertise",
    service,
    authority,
    repository,
    target: `/${rest}`,
    ...(at === -1 ? {} : { userInfo: place.slice(0, at) }),
  };
}

/** By which rights to the repository of a request are looked up. */
export function keyOfRoute({ authority, repository }: Pick<GitRoute, "authority" | "repository">): string {
  return repositoryKey({ host: formatAuthority(authority), path: repository });
}

function isPlainPath(path: string): boolean {
  return path.split("/").every((segment) => {
    if (!/^[\x21-\x7e]+$/.test(segment) || /[\\?#]/.test(segment)) return false;
    try {
      return !/^\.{1,2}$|[/\\\p{C}]/u.test(decodeURIComponent(segment));
    } catch {
      return false;
    }
  });
}
