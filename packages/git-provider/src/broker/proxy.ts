import type { LookupAddress } from "node:dns";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isWsError, type Log, type WorkspaceId } from "@ws/workspace-core";
import { formatAuthority } from "../hosts.ts";
import type { Granted } from "./lead/granted.ts";
import { leadGranted } from "./lead/lead-granted.ts";
import { leadOpen } from "./lead/lead-open.ts";
import type { LeadLfs } from "./lfs/lead-lfs.ts";
import type { Passage } from "./lead/passage.ts";
import { refuse, unreachable } from "./forge/refusals.ts";
import { type GitRoute, type LfsRoute, type Route, RouteRefused } from "./protocol/routes.ts";
import type { Upstream } from "./forge/upstream.ts";

/** Where a request may go. */
export interface Way {
  addresses: readonly LookupAddress[];
  /** Whether the host may be at a private address. */
  allowPrivate: boolean;
  /** Present where the worker's own credential goes with it, and nothing of the workspace's. */
  granted?: Granted;
}

/** Decides whether a request may go on, and how. Throws `AddressRefused`, `RouteRefused`, `WsError`. */
export type Authorize = (route: Route) => Promise<Way>;

export interface ProxyOptions {
  /** Whose requests these are: what it is told to have done on the worker names it. */
  workspace?: WorkspaceId;
  /** Takes a request apart, after a look at its capability. Throws `RouteRefused`. */
  read: (request: IncomingMessage) => Route;
  authorize: Authorize;
  /** Absent where Git LFS is not led. */
  leadLfs?: LeadLfs;
  upstream: Upstream;
  log: Log;
}

/** Leads git's smart HTTP requests to the forge they name, streaming both ways; anything else is refused in words. */
export function createProxy(options: ProxyOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // What goes wrong with a connection that ends anyway is no news.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    lead(request, response, options).catch((error: unknown) => refuse(request, response, error, options.workspace));
  };
}

async function lead(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): Promise<void> {
  const route = options.read(request);
  if (route.kind === "advertise" && bringsBody(request)) {
    throw new RouteRefused(400, "Workspace does not lead there: a question for refs has no body.");
  }
  const host = formatAuthority(route.authority);
  const way = await options.authorize(route).catch((error: unknown) => {
    throw error instanceof RouteRefused || isWsError(error) ? error : unreachable(host, error);
  });
  if (response.destroyed) return;
  // Either end going away ends the other: a cut download must not go on filling a buffer.
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const { addresses, granted } = way;
  const shared = { addresses, request, response, upstream: options.upstream, signal: gone.signal };
  const status = await (route.kind === "lfs" ? lfs(route) : git(route));
  const service = route.kind === "lfs" ? `lfs ${route.call.name}` : route.service;
  options.log.debug("git request", {
    host,
    repository: route.repository,
    service,
    granted: granted !== undefined,
    status,
  });

  function git(asked: GitRoute): Promise<number> {
    const upstream = granted?.upstream ?? options.upstream;
    const passage: Passage = { ...shared, upstream, route: asked };
    return granted === undefined ? leadOpen(passage) : leadGranted(passage, granted);
  }

  async function lfs(asked: LfsRoute): Promise<number> {
    if (options.leadLfs === undefined) throw new RouteRefused(403, "Workspace does not lead Git LFS there.");
    const { allowPrivate } = way;
    return options.leadLfs({ ...shared, route: asked, allowPrivate, ...(granted === undefined ? {} : { granted }) });
  }
}

function bringsBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) !== 0;
}
