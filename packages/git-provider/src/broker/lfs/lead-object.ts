import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { pipeline } from "node:stream";
import { type Body, bytesBody, passingBody } from "../forge/bodies.ts";
import { pickHeaders } from "../protocol/headers.ts";
import { keyOfRoute, RouteRefused } from "../protocol/routes.ts";
import { askStore } from "./ask-store.ts";
import { malformed } from "./batch-request.ts";
import { JSON_HEADERS } from "./json.ts";
import type { LfsPassage, LfsPlace } from "./passage.ts";
import { requireWrite } from "./rights.ts";
import { showsOwn, type Transfer } from "./transfers.ts";

const METHODS = { download: "GET", upload: "PUT", verify: "POST" } as const;
const ANSWERED = [
  "accept-ranges",
  "content-encoding",
  "content-length",
  "content-range",
  "content-type",
  "retry-after",
];

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
  const body = await bodyOf(passage, transfer);
  const method = METHODS[transfer.kind];
  const answer = await askStore(passage, { transfer, method, headers: ownHeaders(request, transfer), body }, place);
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
  response.writeHead(status, pickHeaders(answer.headers, ANSWERED));
  response.flushHeaders();
  pipeline(answer, response, () => undefined);
  return status;
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
