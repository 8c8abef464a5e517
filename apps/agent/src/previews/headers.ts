import type { IncomingMessage } from "node:http";

/** The cookie of a browser that was let in. The prefix has browsers refuse it where a page of another host sets it. */
export const COOKIE = { plain: "ws-preview", secure: "__Host-ws-preview" } as const;
const OURS: ReadonlySet<string> = new Set(Object.values(COOKIE));

/** Of one connection, and not of what is said over it. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Told by whoever stands in front of the agent, of a person whom the workspace has no business to know. */
const TOLD_INWARD = /^(?:proxy-|forwarded$|x-forwarded-|x-real-ip$|via$|tailscale-|expect$|host$|content-length$)/;
/** What another host would do in this one's name. */
const TOLD_OUTWARD = /^(?:proxy-|alt-svc$|content-length$)/;

type Headers = Record<string, string | string[]>;

/**
 * What the program in the workspace is told of a request: all but what lets the browser in, what could be a token of this worker, and what
 * proxies say. Of its own there is what a development server needs in order to name itself: the host and the scheme of the address.
 */
export function inward(request: IncomingMessage, secure: boolean): Headers {
  const { host = "" } = request.headers;
  return {
    ...passed(request, TOLD_INWARD, (name, values) => {
      if (name === "cookie") return values.map(withoutOurs).filter((rest) => rest !== "");
      return name === "authorization" ? values.filter((value) => !isOfWorker(value)) : values;
    }),
    host,
    "x-forwarded-host": host,
    "x-forwarded-proto": secure ? "https" : "http",
    ...framing(request),
  };
}

/** What the browser is told of its answer: nothing of ours, and no cookie for more than this one host. */
export function outward(answer: IncomingMessage): Headers {
  const length = answer.headers["content-length"];
  return {
    ...passed(answer, TOLD_OUTWARD, (name, values) =>
      name === "set-cookie" ? values.filter((cookie) => !OURS.has(nameOf(cookie))).map(withoutDomain) : values,
    ),
    // A browser would be told twice how long it is.
    ...(length === undefined || answer.headers["transfer-encoding"] !== undefined ? {} : { "content-length": length }),
  };
}

/** All values of our cookie that a request has; a page can make its browser send further ones of the same name. */
export function keysOf({ headers: { cookie = "" } }: IncomingMessage): string[] {
  const ours = cookie.split(";").filter((pair) => OURS.has(nameOf(pair)));
  return ours.map((pair) => pair.slice(pair.indexOf("=") + 1).trim()).slice(0, MOST_KEYS);
}

const MOST_KEYS = 8;

/** Why this cannot be led on without doubt where it ends; undefined where it can. */
export function misframed({ headers, headersDistinct, url = "" }: IncomingMessage): string | undefined {
  if ((headersDistinct["host"]?.length ?? 0) !== 1) return "It names more than one host.";
  if (!url.startsWith("/")) return "Its target is not a path.";
  const coding = headers["transfer-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "chunked")
    return `The transfer coding '${coding}' is not known here.`;
  return undefined;
}

/** Said anew, whatever the request calls its own connection's: where a body ends was read once and is not to be read otherwise. */
function framing({ headers, method = "GET" }: IncomingMessage): Headers {
  if (headers["transfer-encoding"] !== undefined) return { "transfer-encoding": "chunked" };
  const length = headers["content-length"];
  if (length !== undefined) return { "content-length": length };
  // Without one the client would begin a body for these.
  return WITHOUT_BODY.has(method) ? {} : { "content-length": "0" };
}

const WITHOUT_BODY: ReadonlySet<string> = new Set(["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"]);

function passed(
  { headersDistinct }: IncomingMessage,
  dropped: RegExp,
  change: (name: string, values: string[]) => string[],
): Headers {
  const named = new Set((headersDistinct["connection"] ?? []).flatMap((value) => value.toLowerCase().split(/[\s,]+/)));
  const kept: [string, string | string[]][] = [];
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    // Some servers take an underscore for the same.
    const plain = name.replaceAll("_", "-");
    if (HOP_BY_HOP.has(plain) || dropped.test(plain) || named.has(name)) continue;
    const changed = change(name, values);
    if (changed[0] !== undefined) kept.push([name, changed.length === 1 ? changed[0] : changed]);
  }
  return Object.fromEntries(kept);
}

function withoutOurs(cookie: string): string {
  return cookie
    .split(";")
    .filter((pair) => !OURS.has(nameOf(pair)))
    .join(";")
    .trim();
}

function withoutDomain(cookie: string): string {
  return cookie
    .split(";")
    .filter((part, index) => index === 0 || !/^\s*domain\s*(?:=|$)/i.test(part))
    .join(";");
}

function nameOf(cookie: string): string {
  return (cookie.split(/[=;]/, 1)[0] ?? "").trim();
}

/** An app's own, such as a JSON Web Token or a password, is its own matter. */
function isOfWorker(authorization: string): boolean {
  return /\bwst_/.test(authorization) || /^Tailnet\b/i.test(authorization);
}
