import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { bearerOf, isForwarded, isOfTailnet, tokenOffered, type Authenticator } from "../access/authenticate.ts";
import { LOCAL_ADMIN, type Caller } from "../access/caller.ts";
import { ruleOf } from "../access/rules/index.ts";
import { isForHereOnly, isWatcher } from "../uplink/caller.ts";
import { hostName, isAllowedHost } from "./hosts.ts";
import { isBrowser, isForeign } from "./origins.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import { isLed, isReading, routeOf, type Route } from "./routes.ts";

/** How a request came in: over TCP, over the socket that only this user can open, or over this worker's own link to its hub. */
export type Transport = "tcp" | "unix" | "uplink";

export interface Admission {
  route: Route;
  url: URL;
  peer: string;
  /** Absent on open routes, and on sockets that will send their token first. */
  caller?: Caller;
  /** Whether that token can only be one to watch a terminal. */
  watches?: true;
}

export interface GateOptions {
  /** Host names that lead here beside IP addresses and localhost; asked at every request. */
  names: () => readonly string[];
  authenticator: Authenticator;
  /** Whether a token may cross this connection of TCP. */
  isPrivate: (socket: Socket) => boolean;
  /** Who a request of the hub is from; undefined where it does not say it, `link` for one who has a link to watch a terminal. */
  fromHub: (headers: IncomingMessage["headers"]) => Caller | { link: string } | undefined;
}

/** `reliesOnTailnet` where the same request may pass if the tailnet says whose it is. */
export type Verdict = Admission | { refusal: Refusal; reliesOnTailnet?: true };

/** `present` is who the tailnet says that a request is from which relies on that. */
export type Gate = (request: IncomingMessage, transport: Transport, present?: Caller) => Verdict;

/** The one gate: every request of every transport passes it before anything else looks at it. */
export function createGate({ names, authenticator, isPrivate, fromHub }: GateOptions): Gate {
  return (request, transport, present) => {
    const { headers, method = "GET", url: target = "" } = request;
    if (!target.startsWith("/") || !URL.canParse(target, "http://localhost")) {
      return { refusal: REFUSALS.malformed("The request target is not a path.") };
    }
    // Two slashes would begin a host name.
    const url = new URL(target.replace(/^\/+/, "/"), "http://localhost");
    const route = routeOf(url.pathname);
    const origin = judgeOrigin(request, transport, route, names());
    if (origin !== undefined) return { refusal: origin };
    if (transport === "tcp" && !isPrivate(request.socket)) return { refusal: readable(request, route) };
    if (/__proto__|constructor\[prototype/i.test(safeDecode(url.search))) {
      return { refusal: REFUSALS.malformed("The query reaches into a prototype.") };
    }
    const peer = transport === "tcp" ? (request.socket.remoteAddress ?? "unknown") : PEERS[transport];
    const admission = { route, url, peer };
    const early = judgeMethod(route, method);
    if (early !== undefined) return { refusal: early };
    if (transport === "uplink") {
      const caller = fromHub(headers);
      if (caller !== undefined && "link" in caller) {
        const isLook = isTerminalSocket(route) && headers.upgrade?.toLowerCase() === "websocket";
        if (!isLook) return { refusal: REFUSALS.unauthorized("missing") };
        // Each link by itself: whose is no good must not keep the others waiting.
        return { ...admission, peer: caller.link, watches: true };
      }
      if (caller === undefined || isExchange(route)) return { refusal: REFUSALS.unauthorized("missing") };
      return isLed(route) ? (late(route, method) ?? { ...admission, caller }) : { refusal: REFUSALS.notFound() };
    }
    if (isOpen(route)) return transport === "unix" ? { ...admission, caller: LOCAL_ADMIN } : admission;
    if (transport === "unix") return admit(admission, method, LOCAL_ADMIN);
    if (isOfTailnet(headers)) {
      if (isForwarded(headers)) return { refusal: REFUSALS.unauthorized("missing") };
      if (present !== undefined) return admit(admission, method, present);
      return { refusal: REFUSALS.unauthorized("missing"), reliesOnTailnet: true };
    }
    const upgrades = headers.upgrade?.toLowerCase() === "websocket";
    // A browser cannot send the header with a WebSocket. The first message of one that leads on is the worker's to read.
    const mayOffer = upgrades && route.kind === "on" && routeOf(route.path).kind === "socket";
    const token = bearerOf(headers) ?? (mayOffer ? tokenOffered(headers) : undefined);
    if (token === undefined) {
      // Of a socket that ends here it is the first message.
      const mayFollow = upgrades && route.kind === "socket";
      return mayFollow ? admission : { refusal: REFUSALS.unauthorized("missing") };
    }
    const result = authenticator.check(token, admission.peer);
    if ("waitSeconds" in result) return { refusal: REFUSALS.throttled(result.waitSeconds) };
    if ("reason" in result) return { refusal: REFUSALS.unauthorized(result.reason) };
    return admit(admission, method, result.caller);
  };
}

const PEERS = { unix: "local", uplink: "uplink" } as const;

function admit(admission: Omit<Admission, "caller">, method: string, caller: Caller): Verdict {
  const { route } = admission;
  const refusal = judgeLink(route, caller);
  return refusal === undefined ? (late(route, method) ?? { ...admission, caller }) : { refusal };
}

/** A worker's own token opens its link and nothing else, and nothing else opens one. */
function judgeLink(route: Route, caller: Caller): Refusal | undefined {
  const { scope, handler } = caller;
  if ((route.kind === "uplink") !== (scope === "uplink")) return REFUSALS.forWorkers();
  if (scope === "metrics" && route.kind !== "metrics") return REFUSALS.forMetrics();
  if (route.kind !== "on") return undefined;
  if (!isLed(routeOf(route.path))) return REFUSALS.notFound();
  if (isWatcher(caller)) {
    const to = routeOf(route.path);
    return isTerminalSocket(to) && to.workspace === handler?.settings.repo ? undefined : REFUSALS.forThisWorker();
  }
  return isForHereOnly(caller) ? REFUSALS.forThisWorker() : undefined;
}

function isTerminalSocket(route: Route): route is Extract<Route, { kind: "socket" }> {
  return route.kind === "socket" && route.stream === "terminal";
}

/** Signing in is a matter between a worker and its own user. */
function isExchange(route: Route): boolean {
  return (route.kind === "rpc" && ruleOf(route.procedure)?.needs === "open") || (route.kind === "api" && route.open);
}

function judgeOrigin(
  { headers }: IncomingMessage,
  transport: Transport,
  route: Route,
  names: readonly string[],
): Refusal | undefined {
  if (transport === "unix") return isBrowser(headers) ? REFUSALS.browserOnSocket() : undefined;
  // The hub has judged where it came from, and names itself in place of its client.
  if (transport === "uplink") return undefined;
  if (!isAllowedHost(headers.host, names)) {
    const shown = (headers.host ?? "").replace(/[^\x20-\x7e]/g, "?").slice(0, 200);
    return REFUSALS.host(shown, hostName(headers.host) ?? "NAME");
  }
  const document = route.kind === "static" || route.kind === "page";
  return isForeign(headers, { document }) ? REFUSALS.origin() : undefined;
}

/** A person who typed the address is led on; a program is told, and what it sent is not looked at. */
function readable({ headers, method, url }: IncomingMessage, { kind }: Route): Refusal {
  const secure = `https://${headers.host ?? ""}`;
  const isPage = kind === "static" || kind === "page";
  return isPage && method === "GET" ? REFUSALS.moved(`${secure}${url}`) : REFUSALS.tlsRequired(secure);
}

/** Refused whoever asks: a GET that would change something, a write to a page. */
function judgeMethod(route: Route, method: string): Refusal | undefined {
  const reads = method === "GET" || method === "HEAD";
  if (route.kind === "rpc" && method !== "POST" && !(reads && isReading(route.procedure)))
    return REFUSALS.method("POST");
  if (route.kind === "files" && !reads && method !== "PUT") return REFUSALS.method("GET, HEAD, PUT");
  if (route.kind === "aiAction" && method !== "POST") return REFUSALS.method("POST");
  if (READ_ONLY.has(route.kind) && !reads) {
    return REFUSALS.method("GET, HEAD");
  }
  return undefined;
}

const READ_ONLY: ReadonlySet<Route["kind"]> = new Set(["static", "page", "health", "taskLog", "metrics"]);

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
