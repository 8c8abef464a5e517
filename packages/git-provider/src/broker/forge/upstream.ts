import type { LookupAddress } from "node:dns";
import type { ClientRequest, OutgoingHttpHeaders } from "node:http";
import { Agent, request } from "node:https";
import type { LookupFunction } from "node:net";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { type Authority, formatAuthority } from "../../hosts.ts";

export interface Upstream extends Disposable {
  /** Begins a request to these addresses of the host and no others. */
  begin(options: {
    authority: Authority;
    addresses: readonly LookupAddress[];
    method: string;
    target: string;
    headers: OutgoingHttpHeaders;
    /** Whether it shows the worker's own credential; such a request shares no connection with one that does not. */
    isAuthorized: boolean;
  }): ClientRequest;
}

/** A forge within this process. */
export interface LocalUpstream {
  /** The name by which URLs have it; no name server knows it. */
  readonly host: string;
  begin(options: { method: string; target: string; headers: OutgoingHttpHeaders }): ClientRequest;
}

export interface UpstreamTimeouts {
  /** Until a connection stands. */
  connectMs: number;
  /** Without a byte either way while neither side holds the other back. */
  idleMs: number;
}

/**
 * Connections to forges, kept for the next request. One workspace has its own, so that a connection which one may use is
 * never found by another.
 */
export function createUpstream(options: {
  secureContext: () => SecureContext;
  timeouts: UpstreamTimeouts;
  local?: LocalUpstream;
}): Upstream {
  const agents = new Map<boolean, Agent>();
  const connections = (isAuthorized: boolean): Agent => {
    const had = agents.get(isAuthorized);
    if (had !== undefined) return had;
    const made = new Agent({
      keepAlive: true,
      // As many as git-lfs transfers at once: each fewer would be a handshake per object.
      maxFreeSockets: 8,
      // Shorter than any forge keeps one, so that a push is not begun on a connection that is being closed.
      timeout: 4_000,
      secureContext: options.secureContext(),
    });
    agents.set(isAuthorized, made);
    return made;
  };
  return {
    begin({ authority, addresses, method, target, headers, isAuthorized }) {
      const { local } = options;
      if (local !== undefined && formatAuthority(authority) === local.host)
        return local.begin({ method, target, headers });
      const upstream = request({
        agent: connections(isAuthorized),
        timeout: options.timeouts.idleMs,
        method,
        host: authority.host,
        port: authority.port ?? 443,
        path: target,
        headers: { ...headers, Host: formatAuthority(authority) },
        lookup: pinned(addresses),
      });
      boundConnecting(upstream, options.timeouts.connectMs);
      return upstream;
    },
    [Symbol.dispose]: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** Trusts what the machine and Node trust, and the given certificates. */
export function trust(ca: readonly string[]): SecureContext {
  return createSecureContext({
    ca: [...new Set([...getCACertificates("default"), ...getCACertificates("system"), ...ca])],
  });
}

/** Resolves any name to these and nothing else. */
export function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  return (_, { all }, callback) => {
    const [first] = addresses;
    if (first === undefined) return callback(new Error("The name has no address."), []);
    if (all === true) return callback(null, [...addresses]);
    callback(null, first.address, first.family);
  };
}

function boundConnecting(upstream: ClientRequest, ms: number): void {
  const timer = setTimeout(() => {
    upstream.destroy(Object.assign(new Error("no connection in time"), { code: "ETIMEDOUT" }));
  }, ms);
  const clear = (): void => clearTimeout(timer);
  upstream.once("close", clear);
  upstream.once("socket", (socket) => {
    socket.setKeepAlive(true, 30_000);
    if (upstream.reusedSocket) clear();
    else socket.once("secureConnect", clear);
  });
}
