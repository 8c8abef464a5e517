import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { pipeline } from "node:stream";
import { formatAuthority, parseAuthority } from "../../hosts.ts";
import { checkedAddresses } from "../addresses.ts";
import { type Asked, askForge, askWithSecret } from "../ask-forge.ts";
import { type Body, bytesBody, passingBody } from "../bodies.ts";
import { unreachable } from "../refusals.ts";
import { keyOfRoute, RouteRefused } from "../routes.ts";
import { malformed } from "./batch-request.ts";
import { JSON_HEADERS } from "./json.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";
import { requireWrite } from "./rights.ts";
import { showsOwn, type Transfer } from "./transfers.ts";

const METHODS = { download: "GET", upload: "PUT", verify: "POST" } as const;
/** What describes the hop to the store, and not the object. */
const HOP = /^(?:connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/;
const ANSWERED = [
  "accept-ranges",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "retry-after",
];
const MAX_REDIRECTS = 3;

/** Streams an object between the workspace and the store that the forge named; resolves to the answer's status. */
export async function leadObject(passage: LfsPassage, id: string, place: LfsPlace): Promise<number> {
  const { request, response, route, granted } = passage;
  const transfer = place.transfers.find(id);
  if (
    transfer === undefined ||
    transfer.repository !== keyOfRoute(route) ||
    METHODS[transfer.kind] !== request.method
  ) {
    throw new RouteRefused(
      404,
      "Workspace does not lead there: the way of this large file has ended; ask for it again.",
    );
  }
  if (transfer.kind !== "download") requireWrite(granted);
  const answer = await askStore(passage, transfer, place);
  const status = answer.statusCode ?? 502;
  if (status < 200 || status >= 300) {
    answer.destroy();
    // What is still being sent has nobody to go to, and the refusal is read only then.
    request.unpipe().resume();
    // What stores say of a refusal repeats what they were shown. And of a 401 git-lfs asks the helpers of the workspace.
    const mayAsk = granted === undefined && showsOwn(transfer) && route.knowsNone !== true;
    const what = { download: "fetched", upload: "stored", verify: "found there" }[transfer.kind];
    throw new RouteRefused(
      status < 400 || (status === 401 && !mayAsk) ? 403 : status,
      `The large file ${transfer.oid.slice(0, 12)} was not ${what}: its store answered with the status ${status}.`,
    );
  }
  response.writeHead(status, pick(answer));
  response.flushHeaders();
  pipeline(answer, response, () => undefined);
  return status;
}

async function askStore(passage: LfsPassage, transfer: Transfer, place: LfsPlace): Promise<IncomingMessage> {
  const body = await bodyOf(passage, transfer);
  let url = transfer.href;
  for (let hops = 0; ; hops += 1) {
    const answer = await askOnce(passage, { transfer, url, body, place });
    const { location } = answer.headers;
    const isMoved = location !== undefined && [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0);
    if (!isMoved) return answer;
    answer.destroy();
    const there = URL.parse(location, url);
    if (there === null || hops === MAX_REDIRECTS || transfer.kind !== "download") {
      throw new RouteRefused(502, "Workspace does not lead there: the store of a large file sends it elsewhere.");
    }
    url = there;
  }
}

async function askOnce(
  passage: LfsPassage,
  { transfer, url, body, place }: { transfer: Transfer; url: URL; body: Body; place: LfsPlace },
): Promise<IncomingMessage> {
  const { granted, request, response, route, upstream, signal } = passage;
  const isForge = url.origin === new URL(`https://${formatAuthority(route.authority)}`).origin;
  // What was said for one origin is nothing for another.
  const said = url.origin === transfer.href.origin ? transfer.header : {};
  const asked: Asked = {
    upstream,
    ...(await storeAt(url, passage, place)),
    method: METHODS[transfer.kind],
    target: url.pathname + url.search,
    headers: { ...ownHeaders(request, transfer), ...withoutHop(said) },
    body,
    isHeld: () => response.writableNeedDrain || !request.complete,
    signal,
    isAuthorized: Object.keys(said).length > 0,
  };
  if (!isForge || !showsOwn(transfer)) return askForge(asked, undefined);
  if (granted !== undefined) return (await askWithSecret(asked, granted.secret)).message;
  const { authorization } = request.headers;
  return askForge(
    authorization === undefined ? asked : { ...asked, headers: { ...asked.headers, authorization } },
    undefined,
  );
}

/** Where a store is dialled. On the worker's own network only as another port of a forge that is there too. */
async function storeAt(
  { protocol, username, password, host }: URL,
  { route, allowPrivate }: LfsPassage,
  { network }: LfsPlace,
): Promise<Pick<Asked, "authority" | "addresses">> {
  const authority = parseAuthority(host, 443);
  if (protocol !== "https:" || username !== "" || password !== "" || authority === undefined) {
    throw new RouteRefused(
      403,
      "Workspace does not lead there: the store of a large file is not at a plain https URL.",
    );
  }
  const isForge = authority.host === route.authority.host;
  // The worker's own repositories are no store of another forge.
  if (!isForge && authority.host === network.local?.host) {
    throw new RouteRefused(403, "Workspace does not lead there: no large files are stored by the worker itself.");
  }
  const options = { lookup: network.lookup, allowPrivate: network.allowPrivateAddresses || (allowPrivate && isForge) };
  const addresses = await checkedAddresses(authority.host, options).catch((error: unknown) => {
    throw unreachable(formatAuthority(authority), error);
  });
  return { authority, addresses };
}

async function bodyOf({ request }: LfsPassage, transfer: Transfer): Promise<Body> {
  const { kind, oid, size, header } = transfer;
  if (kind === "download") return bytesBody(Buffer.alloc(0));
  if (kind === "verify") {
    request.resume();
    return bytesBody(Buffer.from(JSON.stringify({ oid, size })));
  }
  if (request.headers["content-length"] !== String(size))
    throw malformed("the large file has not the size that was said");
  const { sendTo } = passingBody(request);
  const isChunked = header["transfer-encoding"] === "chunked";
  return { repeatable: false, sendTo, ...(isChunked ? {} : { length: size }) };
}

function ownHeaders({ headers }: IncomingMessage, { kind }: Transfer): OutgoingHttpHeaders {
  const { range, "user-agent": agent, "content-type": type } = headers;
  return {
    ...(agent !== undefined && { "user-agent": agent }),
    ...(kind === "download" && range !== undefined && { range }),
    ...(kind === "upload" && { "content-type": type ?? "application/octet-stream" }),
    ...(kind === "verify" && JSON_HEADERS),
  };
}

function withoutHop(header: Readonly<Record<string, string>>): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(header).filter(([name]) => !HOP.test(name)));
}

function pick({ headers }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(ANSWERED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
