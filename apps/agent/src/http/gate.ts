import type { IncomingMessage } from "node:http";
import { bearerOf, type Authenticator } from "../access/authenticate.ts";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import { ruleOf } from "../access/rules.ts";
import { hostName, isAllowedHost } from "./hosts.ts";
import { isBrowser, isForeign } from "./origins.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { isReading, routeOf, type Route } from "./routes.ts";

/** How a request came in: over TCP, or over the socket that only this user can open. */
export type Transport = "tcp" | "unix";

export interface Admission {
  route: Route;
  url: URL;
  peer: string;
  /** Absent on open routes, and on sockets that will send their token first. */
  caller?: Caller;
}

export interface GateOptions {
  /** Host names that lead here beside IP addresses and localhost; asked at every request. */
  names: () => readonly string[];
  authenticator: Authenticator;
}

export type Gate = (request: IncomingMessage, transport: Transport) => Admission | { refusal: Refusal };

/** The one gate: every request of every transport passes it before anything else looks at it. */
export function createGate({ names, authenticator }: GateOptions): Gate {
  return (request, transport) => {
    const { headers, method = "GET", url: target = "" } = request;
    if (!target.startsWith("/") || !URL.canParse(target, "http://localhost")) {
      return { refusal: REFUSALS.malformed("The request target is not a path.") };
    }
    // Two slashes would begin a host name.
    const url = new URL(target.replace(/^\/+/, "/"), "http://localhost");
    const route = routeOf(url.pathname);
    const origin = judgeOrigin(request, transport, route, names());
    if (origin !== undefined) return { refusal: origin };
    if (/__proto__|constructor\[prototype/i.test(safeDecode(url.search))) {
      return { refusal: REFUSALS.malformed("The query reaches into a prototype.") };
    }
    const admission = {
      route,
      url,
      peer: transport === "unix" ? "local" : (request.socket.remoteAddress ?? "unknown"),
    };
    const early = judgeMethod(route, method);
    if (early !== undefined) return { refusal: early };
    if (isOpen(route)) return transport === "unix" ? { ...admission, caller: LOCAL_ADMIN } : admission;
    if (transport === "unix") return late(route, method) ?? { ...admission, caller: LOCAL_ADMIN };
    const token = bearerOf(headers);
    if (token === undefined) {
      // A browser cannot send the header with a WebSocket; it sends the token as its first message.
      const mayFollow = route.kind === "socket" && headers.upgrade?.toLowerCase() === "websocket";
      return mayFollow ? admission : { refusal: REFUSALS.unauthorized(false) };
    }
    const result = authenticator.check(token, admission.peer);
    if ("waitSeconds" in result) {
      const { waitSeconds } = result;
      return { refusal: waitSeconds === 0 ? REFUSALS.unauthorized(true) : REFUSALS.throttled(waitSeconds) };
    }
    return late(route, method) ?? { ...admission, caller: result.caller };
  };
}

function judgeOrigin(
  { headers }: IncomingMessage,
  transport: Transport,
  route: Route,
  names: readonly string[],
): Refusal | undefined {
  if (transport === "unix") return isBrowser(headers) ? REFUSALS.browserOnSocket() : undefined;
  if (!isAllowedHost(headers.host, names)) {
    const shown = (headers.host ?? "").replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
    return REFUSALS.host(shown, hostName(headers.host) ?? "NAME");
  }
  const document = route.kind === "static" || route.kind === "page";
  return isForeign(headers, { document }) ? REFUSALS.origin() : undefined;
}

/** Refused whoever asks: a GET that would change something, a write to a page. */
function judgeMethod(route: Route, method: string): Refusal | undefined {
  const reads = method === "GET" || method === "HEAD";
  if (route.kind === "rpc" && method !== "POST" && !(reads && isReading(route.procedure)))
    return REFUSALS.method("POST");
  if (route.kind === "files" && !reads && method !== "PUT") return REFUSALS.method("GET, HEAD, PUT");
  if (READ_ONLY.has(route.kind) && !reads) {
    return REFUSALS.method("GET, HEAD");
  }
  return undefined;
}

const READ_ONLY: ReadonlySet<Route["kind"]> = new Set(["static", "page", "health", "taskLog"]);

/** A call that reads is refused as a GET too, but tells a stranger no more than that a token is needed. */
function late(route: Route, method: string): { refusal: Refusal } | undefined {
  return route.kind === "rpc" && method !== "POST" ? { refusal: REFUSALS.method("POST") } : undefined;
}

function isOpen(route: Route): boolean {
  if (route.kind === "rpc") return ruleOf(route.procedure)?.needs === "open";
  if (route.kind === "api") return route.open;
  return route.kind === "health" || route.kind === "page" || route.kind === "static";
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
