import type { LookupAddress } from "node:dns";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { formatAuthority } from "../../hosts.ts";
import { type Asked, redirectOf } from "../forge/ask-forge.ts";
import type { Body } from "../forge/bodies.ts";
import { type GitRoute, type RoutePlace, RouteRefused } from "../protocol/routes.ts";
import type { Upstream } from "../forge/upstream.ts";

/** One request on its way. */
export interface Passage<R extends RoutePlace = GitRoute> {
  route: R;
  addresses: readonly LookupAddress[];
  request: IncomingMessage;
  response: ServerResponse;
  upstream: Upstream;
  /** Aborted when git goes away. */
  signal: AbortSignal;
}

/** What the forge is asked for it. */
export function asked(passage: Passage<RoutePlace>, headers: OutgoingHttpHeaders, body: Body): Asked {
  const { route, request, response, addresses, upstream, signal } = passage;
  return {
    upstream,
    authority: route.authority,
    addresses,
    method: request.method ?? "GET",
    target: route.target,
    headers,
    body,
    // A workspace that still counts objects, or reads slowly, holds the forge back, which is no fault of it.
    isHeld: () => response.writableNeedDrain || !request.complete,
    signal,
  };
}

/**
 * Where a moved repository is now, as the way through us, so that git reports and uses it; undefined for an answer that is
 * no redirect. Only where `follows` says so, and never to another origin: git would send what it knows for the old host to
 * the new one. Throws `RouteRefused`.
 */
export function movedTo(
  answer: IncomingMessage,
  { request, route }: Passage,
  follows: (there: URL) => boolean,
): string | undefined {
  const location = redirectOf(answer);
  if (location === undefined) return undefined;
  const origin = `https://${formatAuthority(route.authority)}`;
  const there = URL.parse(location, origin + route.target);
  if (route.kind === "advertise" && there?.origin === new URL(origin).origin && follows(there)) {
    const prefix = (request.url ?? "").slice(0, -route.target.length);
    return prefix + there.pathname + there.search;
  }
  answer.destroy();
  const where = there === null ? "elsewhere" : there.origin + there.pathname.replace(/\/info\/refs$/, "");
  throw new RouteRefused(502, `Workspace does not lead there: the repository moved to ${where}; clone that URL.`);
}
