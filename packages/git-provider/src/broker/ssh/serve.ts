import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline as piped, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import type { ClientChannel } from "ssh2";
import { FLUSH, pktLine } from "../protocol/pkt-line.ts";
import { type GitRoute, RouteRefused } from "../protocol/routes.ts";
import { readAdvertisement } from "./advertisement.ts";
import { createComplaint } from "./complaint.ts";

export interface Asked {
  service: GitRoute["service"];
  kind: GitRoute["kind"];
  /** The repository's, for words. */
  url: string;
  host: string;
  /** Starts the program on the server; `GIT_PROTOCOL` where the server lets that through. */
  start: (protocol: string | undefined) => Promise<ClientChannel>;
  /** Whether the connection of what was started is gone. */
  isCut: () => boolean;
  /** Called for each piece of data, either way. */
  moved: () => void;
}

/**
 * Answers one request of git's smart HTTP from a program that a server runs over SSH. That program speaks first and would then
 * hold one long conversation; here each request is a conversation of its own, which tells again all that led to it, as over HTTP.
 * Throws `RouteRefused`.
 */
export async function serveOverSsh(request: IncomingMessage, response: ServerResponse, asked: Asked): Promise<void> {
  const { service, kind, host, moved } = asked;
  const decoded = decodedBody(request);
  const protocol = service === "upload-pack" ? protocolOf(request) : undefined;
  const channel = await asked.start(protocol);
  const complaint = createComplaint(channel, asked);
  const source = (channel as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const advertised = await readAdvertisement(source);
  const first = advertised?.first;
  if (advertised === undefined || first?.subarray(0, 4).toString() === "ERR ") {
    channel.end();
    void readOut(source);
    throw await complaint.refusal(first);
  }
  const isSecond = first?.toString("latin1").trim() === "version 2";
  if (kind === "advertise") {
    // What is said of the second version is the same over HTTP.
    const prefix = isSecond ? [] : [pktLine(`# service=git-${service}\n`), FLUSH];
    response.writeHead(200, head(`application/x-git-${service}-advertisement`));
    await send(joined(prefix, advertised.chunks), response, moved);
    response.end();
    channel.end(FLUSH);
    return void readOut(source);
  }
  for await (const _ of advertised.chunks) moved();
  if (isSecond !== (protocol === "version=2")) {
    channel.end(FLUSH);
    void readOut(source);
    throw new RouteRefused(502, `Workspace cannot reach ${host}: it speaks another version of git's protocol now.`);
  }
  piped(Readable.from(body(decoded, { isSecond, moved })), channel, () => undefined);
  const begun = await source.next();
  // A conversation that we end after its answer ends there as one that was cut; one without any answer is no answer.
  if (begun.done === true && !(await complaint.endedWell())) throw await complaint.refusal(undefined);
  response.writeHead(200, head(`application/x-git-${service}-result`));
  const rest = { [Symbol.asyncIterator]: () => source };
  await send(joined(begun.done === true ? [] : [begun.value], rest), response, moved);
  if (asked.isCut()) throw new RouteRefused(502, `Workspace cannot reach ${host}: the connection was cut.`);
  response.end();
}

/** A channel whose data nobody takes is never closed, and neither is its connection. */
async function readOut(source: AsyncIterator<Buffer>): Promise<void> {
  try {
    for (let done = false; !done;) done = (await source.next()).done === true;
  } catch {
    // It is gone.
  }
}

function protocolOf({ headers }: IncomingMessage): string | undefined {
  return /(?:^|:)(version=[12])(?:$|:)/.exec(String(headers["git-protocol"] ?? ""))?.[1];
}

function decodedBody(request: IncomingMessage): AsyncIterable<Buffer> {
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined) return request;
  if (encoding !== "gzip") throw new RouteRefused(415, "Workspace does not lead there: the request is compressed.");
  return piped(request, createGunzip(), () => undefined);
}

/** What git sends, and where the program would wait for another question, that there is none. */
async function* body(
  decoded: AsyncIterable<Buffer>,
  { isSecond, moved }: { isSecond: boolean; moved: () => void },
): AsyncGenerator<Buffer> {
  for await (const chunk of decoded) {
    moved();
    yield chunk;
  }
  if (isSecond) yield FLUSH;
}

async function* joined(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  yield* rest;
}

/** The answer is left open: whether it is whole shows only then. */
function send(chunks: AsyncIterable<Buffer>, response: ServerResponse, moved: () => void): Promise<void> {
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      moved();
      yield chunk;
    }
  };
  return pipeline(Readable.from(counted()), response, { end: false });
}

function head(type: string): Record<string, string> {
  return { "Content-Type": type, "Cache-Control": "no-cache" };
}
