import type { LookupAddress } from "node:dns";
import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { Log } from "@ws/workspace-core";
import { formatAuthority } from "../hosts.ts";
import { answeredHeaders, askedHeaders } from "./headers.ts";
import { refuse, unreachable } from "./refusals.ts";
import { type GitRoute, parseRoute, RouteRefused } from "./routes.ts";
import type { Upstream } from "./upstream.ts";

/** Decides whether a request may go on, and to which addresses. Throws `AddressRefused` or `RouteRefused`. */
export type Authorize = (route: GitRoute) => Promise<readonly LookupAddress[]>;

export interface ProxyOptions {
  capability: string;
  authorize: Authorize;
  upstream: Upstream;
  log: Log;
}

/** Leads git's smart HTTP requests to the forge they name, streaming both ways; anything else is refused in words. */
export function createProxy(options: ProxyOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // What goes wrong with a connection that ends anyway is no news.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    lead(request, response, options).catch((error: unknown) => refuse(response, error));
  };
}

async function lead(request: IncomingMessage, response: ServerResponse, options: ProxyOptions): Promise<void> {
  const route = parseRoute(request.method ?? "", request.url ?? "", options.capability);
  const host = formatAuthority(route.authority);
  const addresses = await options.authorize(route).catch((error: unknown) => {
    throw error instanceof RouteRefused ? error : unreachable(host, error);
  });
  if (response.destroyed) return;
  const { authority, target } = route;
  const method = request.method ?? "GET";
  const upstream = options.upstream.begin({
    authority,
    addresses,
    method,
    target,
    headers: askedHeaders(request.headers, route),
  });
  // Either end going away ends the other: a cut download must not go on filling a buffer.
  response.on("close", () => upstream.destroy());
  upstream.on("timeout", () => {
    // A workspace that still counts objects, or reads slowly, holds the forge back, which is no fault of it.
    const held = response.writableNeedDrain || !request.complete;
    if (!held) upstream.destroy(Object.assign(new Error("silent"), { code: "ETIMEDOUT" }));
  });
  request.pipe(upstream);
  const answer = await answerOf(upstream).catch((error: unknown) => {
    throw unreachable(host, error);
  });
  options.log.debug("git request", {
    host,
    repository: route.repository,
    service: route.service,
    status: answer.statusCode,
  });
  const location = movedTo(answer, request, route);
  const headers = answeredHeaders(answer.headers);
  response.writeHead(answer.statusCode ?? 502, location === undefined ? headers : { ...headers, location });
  // A forge that sends its head at once and its data later must not keep git waiting for both.
  response.flushHeaders();
  pipeline(answer, response, () => undefined);
}

function answerOf(upstream: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    upstream.once("response", resolve);
    // Stays after the answer has begun: a forge may refuse a push and close while it is still being sent.
    upstream.on("error", reject);
  });
}

/**
 * Where a moved repository is now, as the way through us, so that git reports and uses it. Only within one origin: git
 * would send what it knows for the old host to the new one.
 */
function movedTo(answer: IncomingMessage, request: IncomingMessage, route: GitRoute): string | undefined {
  const { location } = answer.headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)) return undefined;
  const origin = `https://${formatAuthority(route.authority)}`;
  const there = URL.parse(location, origin + route.target);
  if (route.kind === "advertise" && there?.origin === new URL(origin).origin) {
    const prefix = (request.url ?? "").slice(0, -route.target.length);
    return prefix + there.pathname + there.search;
  }
  answer.resume();
  const where = there === null ? "elsewhere" : there.origin + there.pathname.replace(/\/info\/refs$/, "");
  throw new RouteRefused(502, `Workspace does not lead there: the repository moved to ${where}; clone that URL.`);
}
