import type { IncomingHttpHeaders } from "node:http";
import { TOKEN_SUBPROTOCOL } from "@ws/rpc-contract/frames";
import type { Redactor } from "../log/redact.ts";
import type { TokenEnd, Tokens } from "../store/tokens.ts";
import { handlerRules } from "@ws/workspace-core";
import type { Token } from "../store/tokens.ts";
import type { Caller } from "./caller.ts";
import type { Sessions } from "./sessions.ts";
import type { Throttle } from "./throttle.ts";

/** Somebody, or why not: the peer has to wait so long before any token is judged, or this one is not good. */
export type Authenticated = { caller: Caller } | { waitSeconds: number } | { reason: TokenEnd };

export interface Authenticator {
  /** Judges a bearer token; a wrong one counts against the peer. */
  check(token: string, peer: string): Authenticated;
}

export function createAuthenticator(options: {
  tokens: Tokens;
  sessions: Sessions;
  throttle: Throttle;
  redactor: Redactor;
}): Authenticator {
  const { tokens, sessions, throttle, redactor } = options;
  const seen = new Set<string>();
  return {
    check(token, peer) {
      const found = tokens.verify(token, peer);
      if (found !== undefined) {
        // A token that is in use must not reach a log through a careless message.
        if (!seen.has(found.id)) redactor.add(token);
        // Others who fail from the same address must not lock out one who is signed in already.
        if (seen.has(`${peer} ${found.id}`) || throttle.wait(peer) === 0) {
          remember(seen, found.id);
          remember(seen, `${peer} ${found.id}`);
          return { caller: toCaller(found, sessions.gone(found.id)) };
        }
      }
      const waitSeconds = throttle.wait(peer);
      if (waitSeconds > 0) return { waitSeconds };
      throttle.fail(peer);
      return { reason: tokens.endOf(token) };
    },
  };
}

/** Whoever has this token; `gone` aborts when it ends. */
export function toCaller({ id, name, scope, workspace, handler, rules }: Token, gone: AbortSignal): Caller {
  const who = `${name} (${id})`;
  const policy = [...(handler === undefined ? [] : handlerRules(handler)), ...(rules === undefined ? [] : [rules])];
  return {
    who,
    scope,
    token: { id, gone },
    ...(workspace === undefined ? {} : { workspace }),
    ...(handler === undefined ? {} : { handler }),
    ...(policy.length === 0 ? {} : { policy: policy.map((layer) => ({ of: "token", name, rules: layer })) }),
  };
}

/** The token of an `Authorization: Bearer` header; an empty text where the header has another form. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
}

/**
 * Whether a request relies on what the tailnet says of its connection: `Authorization: Tailnet`. Nobody gets that identity who does
 * not ask for it so, because no page of another site can make a browser send this header.
 */
export function isOfTailnet({ authorization }: IncomingHttpHeaders): boolean {
  return authorization !== undefined && /^Tailnet$/i.test(authorization);
}

/** What proxies add. Such a request is somebody's whom nobody knows, and not of the machine that passes it on. */
const FORWARDED = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

/** Whether a request says that another has sent it on. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return FORWARDED.some((name) => headers[name] !== undefined);
}

/** The token that a browser offers beside a WebSocket's protocol. */
export function tokenOffered(headers: IncomingHttpHeaders): string | undefined {
  const offered = headers["sec-websocket-protocol"]?.split(",").map((one) => one.trim());
  return offered?.find((one) => one.startsWith(TOKEN_SUBPROTOCOL))?.slice(TOKEN_SUBPROTOCOL.length);
}

function remember(seen: Set<string>, key: string): void {
  seen.add(key);
  const [oldest] = seen;
  if (seen.size > 10_000 && oldest !== undefined) seen.delete(oldest);
}
