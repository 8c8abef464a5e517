import type { IncomingHttpHeaders } from "node:http";
import type { WorkspaceId } from "@ws/workspace-core";
import type { Redactor } from "../log/redact.ts";
import type { TokenScope, Tokens } from "../store/tokens.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";
import type { Throttle } from "./throttle.ts";

/** Who is calling. */
export interface Caller {
  /** How the audit names it: `local`, or a token's name and id. */
  who: string;
  scope: TokenScope;
  /** The one workspace that a `workspace` scope is for. */
  workspace?: WorkspaceId;
  /** Absent for the local socket's user. */
  tokenId?: string;
}

/** The user of the local socket, whom the socket's permissions have identified. */
export const LOCAL_ADMIN: Caller = { who: "local", scope: "admin" };

export type Authenticated = { caller: Caller } | { refusal: Refusal };

export interface Authenticator {
  /** Judges a bearer token; a wrong one counts against the peer. */
  check(token: string, peer: string): Authenticated;
}

export function createAuthenticator(options: {
  tokens: Tokens;
  throttle: Throttle;
  redactor: Redactor;
}): Authenticator {
  const { tokens, throttle, redactor } = options;
  const seen = new Set<string>();
  return {
    check(token, peer) {
      const found = tokens.verify(token);
      if (found !== undefined) {
        // A token that is in use must not reach a log through a careless message.
        if (!seen.has(found.id)) redactor.add(token);
        // Others who fail from the same address must not lock out one who is signed in already.
        if (seen.has(`${peer} ${found.id}`) || throttle.wait(peer) === 0) {
          remember(seen, found.id);
          remember(seen, `${peer} ${found.id}`);
          const { id, name, scope, workspace } = found;
          const caller = { who: `${name} (${id})`, scope, tokenId: id };
          return { caller: workspace === undefined ? caller : { ...caller, workspace } };
        }
      }
      const wait = throttle.wait(peer);
      if (wait > 0) return { refusal: REFUSALS.throttled(wait) };
      throttle.fail(peer);
      return { refusal: REFUSALS.unauthorized(true) };
    },
  };
}

/** The token of an `Authorization: Bearer` header; an empty text where the header has another form. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return undefined;
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? "";
}

function remember(seen: Set<string>, key: string): void {
  seen.add(key);
  const [oldest] = seen;
  if (seen.size > 10_000 && oldest !== undefined) seen.delete(oldest);
}
