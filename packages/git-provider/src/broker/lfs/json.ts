import type { IncomingMessage, ServerResponse } from "node:http";
import { LFS_TYPE } from "../protocol/lfs-call.ts";
import { malformed } from "./batch-request.ts";

/** What both of Git LFS and a forge are told with a request. */
export const JSON_HEADERS = { accept: LFS_TYPE, "content-type": LFS_TYPE } as const;

/** A body of at most so many bytes, as text; undefined for a longer or a compressed one. */
export async function textOf(message: IncomingMessage, limit: number): Promise<string | undefined> {
  if (message.headers["content-encoding"] !== undefined) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const MAX_REQUEST_BYTES = 1_048_576;
/** A thousand objects, each with two actions of many headers, have half of it. */
const MAX_VALUES = 100_000;

/** Throws for no JSON, and for what holds more values than anybody means: few bytes of them are a multiple in memory. */
export function parseJson(text: string): unknown {
  let values = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if ((sign === "," || sign === "{" || sign === "[") && (values += 1) > MAX_VALUES)
      throw new Error("too many values");
  }
  return JSON.parse(text) as unknown;
}

/** What a workspace says. Throws `RouteRefused`. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await textOf(request, MAX_REQUEST_BYTES);
  if (text === undefined) throw malformed("it is compressed or has more than 1 MiB");
  try {
    return parseJson(text);
  } catch {
    throw malformed("it is no JSON, or holds too much of it");
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): number {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": LFS_TYPE, "content-length": Buffer.byteLength(text) }).end(text);
  return status;
}
