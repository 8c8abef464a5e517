import type { Duplex } from "node:stream";
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { TokenEnd } from "../store/tokens.ts";
import { SECURITY_HEADERS } from "./headers.ts";

/** An answer given before any procedure is reached. */
export interface Refusal {
  status: number;
  /** What the RPC client sees as the error's code. */
  wire: string;
  /** The stable domain code. */
  code: string;
  message: string;
  next?: string;
  details?: Record<string, string>;
  headers?: Record<string, string>;
}

const NO_TOKEN: Readonly<Record<TokenEnd | "missing", string>> = {
  missing: "A token is needed.",
  unknown: "This worker does not know the token.",
  revoked: "The token was revoked.",
  expired: "The token has expired.",
};

export const REFUSALS = {
  host: (host: string, name: string): Refusal => ({
    status: 421,
    wire: "MISDIRECTED_REQUEST",
    code: "host_not_allowed",
    message: `This agent does not answer to the host name '${host}'.`,
    next: `If the name is yours, allow it: ws config set allowedHosts ${name}`,
  }),
  tlsRequired: (address: string): Refusal => ({
    status: 426,
    wire: "UPGRADE_REQUIRED",
    code: "tls_required",
    message: "This worker answers here over TLS only.",
    next: `Use ${address}. A token that was sent just now may have been read on its way: revoke it with 'ws token revoke'.`,
    headers: { upgrade: "TLS/1.2", connection: "upgrade, close" },
  }),
  moved: (location: string): Refusal => ({
    status: 308,
    wire: "UPGRADE_REQUIRED",
    code: "tls_required",
    message: "This worker answers here over TLS only.",
    headers: { location },
  }),
  origin: (): Refusal => ({
    status: 403,
    wire: "FORBIDDEN",
    code: "origin_not_allowed",
    message: "Requests from other sites' pages are refused.",
    next: "Open the dashboard at the agent's own address.",
  }),
  browserOnSocket: (): Refusal => ({
    status: 403,
    wire: "FORBIDDEN",
    code: "origin_not_allowed",
    message: "The local socket is not for browsers.",
  }),
  method: (allow: string): Refusal => ({
    status: 405,
    wire: "METHOD_NOT_SUPPORTED",
    code: "method_not_allowed",
    message: `This address is used with ${allow} only.`,
    headers: { allow },
  }),
  contentType: (): Refusal => ({
    status: 415,
    wire: "UNSUPPORTED_MEDIA_TYPE",
    code: "not_json",
    message: "The body must be JSON, sent with Content-Type: application/json.",
  }),
  malformed: (reason: string): Refusal => ({
    status: 400,
    wire: "BAD_REQUEST",
    code: "invalid_input",
    message: reason,
  }),
  tooLarge: (limit: number): Refusal => ({
    status: 413,
    wire: "PAYLOAD_TOO_LARGE",
    code: "body_too_large",
    message: `The body is larger than ${limit} bytes.`,
    headers: { connection: "close" },
  }),
  unauthorized: (reason: TokenEnd | "missing"): Refusal => ({
    status: 401,
    wire: "UNAUTHORIZED",
    code: "unauthorized",
    message: NO_TOKEN[reason],
    details: { reason },
    next: "On the worker run 'ws pair' to let a device in, 'ws open' for a dashboard link, or 'ws token create NAME' for a script.",
    headers: { "www-authenticate": "Bearer" },
  }),
  forbidden: (needs: string): Refusal => ({
    status: 403,
    wire: "FORBIDDEN",
    code: "forbidden",
    message: `This token may not do that: it needs the scope '${needs}'.`,
    next: `Create one that may: ws token create NAME --scope ${needs}`,
  }),
  forWorkers: (): Refusal => ({
    status: 403,
    wire: "FORBIDDEN",
    code: "forbidden",
    message: "A worker's token opens its link to this agent, and nothing else does.",
    next: "Make a token for calls with 'ws token create NAME', and one for a worker with 'ws worker add NAME'.",
  }),
  forMetrics: (): Refusal => ({
    status: 403,
    wire: "FORBIDDEN",
    code: "forbidden",
    message: "This token is for /metrics only.",
    next: "Make one for calls: ws token create NAME.",
  }),
  forThisWorker: (): Refusal => ({
    status: 403,
    wire: "FORBIDDEN",
    code: "forbidden",
    message: "This token is limited to something of this agent, and other workers are not.",
    next: "Create one that may: ws token create NAME --scope write",
  }),
  throttled: (seconds: number): Refusal => ({
    status: 429,
    wire: "TOO_MANY_REQUESTS",
    code: "too_many_requests",
    message: `Too many wrong tokens came from this address. Wait ${seconds} s.`,
    headers: { "retry-after": String(seconds) },
  }),
  notFound: (): Refusal => ({ status: 404, wire: "NOT_FOUND", code: "not_found", message: "Nothing is here." }),
  booting: (): Refusal => ({
    status: 503,
    wire: "SERVICE_UNAVAILABLE",
    code: "starting",
    message: "The agent is still starting or going away. Try again in a moment.",
    headers: { "retry-after": "1" },
  }),
};

/** Answers in the form that the asked surface uses: RPC clients read their own envelope. */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const body = bodyOf(request.url ?? "/", refusal);
  response.writeHead(refusal.status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    ...refusal.headers,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

/** The same for a connection that asked to become a WebSocket. */
export function refuseUpgrade(socket: Duplex, url: string, refusal: Refusal): void {
  const body = bodyOf(url, refusal);
  const headers = {
    ...SECURITY_HEADERS,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    ...refusal.headers,
    connection: "close",
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ""}`, ...lines, "", body].join("\r\n"));
}

function bodyOf(url: string, { status, wire, code, message, next, details }: Refusal): string {
  const data = { code, ...(next === undefined ? {} : { next }), ...(details === undefined ? {} : { details }) };
  const error = { defined: true, code: wire, status, message, data };
  return JSON.stringify(/^(?:\/on\/[^/]+)?\/rpc(?:\/|$)/.test(url) ? { json: error } : error);
}
