import { repositoryKey } from "@ws/workspace-core";
import { type Authority, formatAuthority, parseAuthority } from "../hosts.ts";
import { type LfsCall, readLfsCall } from "./lfs/call.ts";
import { isSame } from "./same.ts";

/** What every request says of where it goes. */
export interface RoutePlace {
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
  const authority = parseAuthority(place.slice(at + 1), 443);
  if (authority === undefined || !isPlainPath(read.repository)) {
    throw new RouteRefused(400, "Workspace does not lead there: the URL's host or path is not plain.");
  }
  return { ...read, authority, target: `/${rest}`, ...(at === -1 ? {} : { userInfo: place.slice(0, at) }) };
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

/** By which rights to the repository of a request are looked up. */
export function keyOfRoute({ authority, repository }: Pick<RoutePlace, "authority" | "repository">): string {
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
