import { repositoryKey } from "@ws/workspace-core";
import { type Authority, formatAuthority, parseAuthority } from "../../hosts.ts";
import { type LfsCall, readLfsCall } from "./lfs-call.ts";
import { isSame } from "./same.ts";
import { SSH_MARK } from "./ssh-place.ts";

/** What every request says of where it goes. */
export interface RoutePlace {
  authority: Authority;
  /** The repository's path on that host, without slashes around it, as git sent it. */
  repository: string;
  /** `user:password` where the remote's URL held it. */
  userInfo?: string;
  /** The user, where git's own URL of the repository is ssh. */
  ssh?: string;
  /** Path and query to ask the host for. */
  target: string;
  /** Git asked its helpers for a credential of this host, and none has one. */
  knowsNone?: true;
}

/** One request of git's smart HTTP protocol, taken apart. */
export interface GitRoute extends RoutePlace {
  /** `advertise`: which refs there are. `exchange`: the transfer itself. */
  kind: "advertise" | "exchange";
  service: "upload-pack" | "receive-pack";
}

/** One request of Git LFS. */
export interface LfsRoute extends RoutePlace {
  kind: "lfs";
  call: LfsCall;
}

export type Route = GitRoute | LfsRoute;

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
 * Reads `/CAPABILITY/HOST/REPOSITORY/…`; nothing but fetch and push of the smart protocol and Git LFS is served. Throws
 * `RouteRefused`.
 */
export function parseRoute(method: string, url: string, capability: string): Route {
  const [, given = "", place = "", rest = ""] = /^\/([^/?]*)\/([^/?]*)\/(.*)$/.exec(url) ?? [];
  if (!isSame(given, capability)) {
    throw new RouteRefused(403, "Workspace does not lead there: git's configuration is from an earlier connection.");
  }
  const read = readGit(method, rest) ?? readLfs(method, rest);
  if (read === undefined) {
    throw new RouteRefused(
      403,
      "Workspace does not lead there: only git's smart fetch and push and Git LFS are served.",
    );
  }
  const at = place.lastIndexOf("@");
  const isSsh = place.startsWith(SSH_MARK);
  const user = at === -1 ? "" : place.slice(isSsh ? SSH_MARK.length : 0, at);
  const authority = parseAuthority(place.slice(at + 1), isSsh ? 22 : 443);
  if (authority === undefined || !isPlainPath(read.repository) || (isSsh && !/^\w[\w.-]*$/.test(user))) {
    throw new RouteRefused(400, "Workspace does not lead there: the URL's host or path is not plain.");
  }
  return { ...read, authority, target: `/${rest}`, ...(isSsh ? { ssh: user } : at === -1 ? {} : { userInfo: user }) };
}

function readGit(method: string, rest: string): Pick<GitRoute, "kind" | "service" | "repository"> | undefined {
  const [, repository = "", advertised, exchanged] = SERVICE.exec(rest) ?? [];
  const service = (advertised ?? exchanged) as GitRoute["service"] | undefined;
  if (service === undefined || method !== (advertised === undefined ? "POST" : "GET")) return undefined;
  return { kind: advertised === undefined ? "exchange" : "advertise", service, repository };
}

function readLfs(method: string, rest: string): Pick<LfsRoute, "kind" | "call" | "repository"> | undefined {
  const [, repository = "", asked = ""] = /^(.+?)\/info\/lfs\/([^#]*)$/.exec(rest) ?? [];
  const call = readLfsCall(method, asked);
  return call === undefined ? undefined : { kind: "lfs", call, repository };
}

/** How a request names the host, less what the workspace itself would be known by there. */
export function placeOf({ authority, ssh }: Pick<RoutePlace, "authority" | "ssh">): string {
  return `${ssh === undefined ? "" : `${SSH_MARK}${ssh}@`}${formatAuthority(authority)}`;
}

/** By which rights to the repository of a request are looked up. */
export function keyOfRoute({
  authority,
  repository,
  ssh,
}: Pick<RoutePlace, "authority" | "repository" | "ssh">): string {
  const user = ssh === undefined ? {} : { user: ssh };
  return repositoryKey({ ...user, host: formatAuthority(authority), path: repository });
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
