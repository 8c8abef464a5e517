import type { IncomingHttpHeaders } from "node:http";
import type { Redactor } from "../log/redact.ts";
import type { Tokens } from "../store/tokens.ts";
import { handlerRules } from "@ws/workspace-core";
import type { Token } from "../store/tokens.ts";
import type { Caller } from "./caller.ts";
import type { Sessions } from "./sessions.ts";
import type { Throttle } from "./throttle.ts";

/** Somebody, or for how many seconds the peer has to wait: 0 where its token was merely wrong. */
export type Authenticated = { caller: Caller } | { waitSeconds: number };

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
      const found = tokens.verify(token);
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
      if (waitSeconds === 0) throttle.fail(peer);
      return { waitSeconds };
    },
  };
}

function toCaller({ id, name, scope, workspace, handler }: Token, gone: AbortSignal): Caller {
  const who = `${name} (${id})`;
  return {
    who,
    scope,
    token: { id, gone },
    ...(workspace === undefined ? {} : { workspace }),
    ...(handler === undefined
      ? {}
      : { handler, policy: handlerRules(handler).map((rules) => ({ of: "token", name, rules })) }),
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
