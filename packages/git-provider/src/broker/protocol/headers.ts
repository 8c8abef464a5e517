import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import type { GitRoute, RoutePlace } from "./routes.ts";

// What git's smart protocol uses; everything else stays on its side, `Expect` and hop-by-hop headers included.
const ASKED = [
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "content-encoding",
  "content-type",
  "git-protocol",
  "pragma",
  "user-agent",
];
const ANSWERED = [
  "cache-control",
  "content-encoding",
  "content-length",
  "content-type",
  "expires",
  "pragma",
  "retry-after",
  "www-authenticate",
];

/** The headers of git's request that go on to the forge. */
export function askedHeaders(headers: IncomingHttpHeaders, { userInfo }: RoutePlace): OutgoingHttpHeaders {
  const picked = pickHeaders(headers, ASKED);
  if (picked["authorization"] === undefined && userInfo?.includes(":") === true) {
    picked["authorization"] = `Basic ${Buffer.from(decodeURIComponent(userInfo)).toString("base64")}`;
  }
  return picked;
}

/** The headers of the forge's answer that go back to git. */
export function answeredHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return pickHeaders(headers, ANSWERED);
}

/**
 * Of a request that is made with the worker's own credential: nothing of the workspace's own goes with it. Pushes are
 * spoken in the protocol's first version, uncompressed, which is the one that is looked into.
 */
export function grantedHeaders(headers: IncomingHttpHeaders, route: GitRoute): OutgoingHttpHeaders {
  const { authorization: _, ...picked } = pickHeaders(headers, ASKED);
  if (route.service !== "receive-pack") return picked;
  const { "git-protocol": __, "accept-encoding": ___, ...plain } = picked;
  return plain;
}

/** Those of an answer to that: git must not ask a person for what the worker has. */
export function grantedAnswerHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const { "www-authenticate": _, ...picked } = pickHeaders(headers, ANSWERED);
  return picked;
}

/** Those of these names that there are. */
export function pickHeaders(headers: IncomingHttpHeaders, names: readonly string[]): OutgoingHttpHeaders {
  const picked: OutgoingHttpHeaders = {};
  for (const name of names) if (headers[name] !== undefined) picked[name] = headers[name];
  return picked;
}
