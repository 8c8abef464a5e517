import { createPublicKey, verify } from "node:crypto";
import { Refusal } from "./replies.ts";
import type { App, Caller, State } from "./state.ts";

export interface Entrant {
  caller: Caller | undefined;
  appId: number | undefined;
  token: string | undefined;
}

/** Who asks, by the Authorization header. Refuses what is not good any more. */
export function admit(authorization: string | undefined, state: State): Entrant {
  if (authorization === undefined) return { caller: undefined, appId: undefined, token: undefined };
  const token = /^(?:bearer|token) (\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) throw new Refusal(401, "Bad credentials");
  const known = callerOf(token, state);
  if (known !== undefined) return { caller: known, appId: undefined, token };
  if (token.split(".").length === 3) return { caller: undefined, appId: signedBy(token, state.apps).id, token };
  throw new Refusal(401, "Bad credentials");
}

/** Whom a token stands for, while it is good. */
export function callerOf(token: string, state: State): Caller | undefined {
  const known = state.tokens.get(token);
  return known === undefined || (known.expiresAt ?? Infinity) <= Date.now() ? undefined : known.caller;
}

/** The app that signed this, checked as strictly as the real one does. */
function signedBy(jwt: string, apps: readonly App[]): App {
  const [head = "", claims = "", signature = ""] = jwt.split(".");
  const { alg } = decoded(head);
  const { iss, iat, exp } = decoded(claims);
  const app = apps.find(({ id, clientId }) => String(iss) === String(id) || iss === clientId);
  if (app === undefined) throw new Refusal(404, "Integration not found");
  const isSigned =
    alg === "RS256" &&
    verify(
      "sha256",
      Buffer.from(`${head}.${claims}`),
      createPublicKey(app.publicKey.export({ type: "spki", format: "pem" })),
      Buffer.from(signature, "base64url"),
    );
  if (!isSigned) throw new Refusal(401, "A JSON web token could not be decoded");
  const now = Date.now() / 1_000;
  if (typeof exp !== "number" || exp > now + 600) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (exp <= now)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (typeof iat !== "number" || iat > now + 60) {
    throw new Refusal(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  return app;
}

function decoded(part: string): Record<string, unknown> {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  } catch {
    throw new Refusal(401, "A JSON web token could not be decoded");
  }
}
