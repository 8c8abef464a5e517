import type { IncomingMessage } from "node:http";
import { REFUSALS, type Refusal } from "./refusal.ts";

/** Procedures take small inputs; what is large goes over a stream of its own. */
const BODY_LIMIT = 1024 * 1024;

/** Reads a JSON body: bounded, JSON by declaration, and free of keys that reach into prototypes. */
export async function readJson(
  request: IncomingMessage,
  limit = BODY_LIMIT,
): Promise<{ value: unknown } | { refusal: Refusal }> {
  const { headers } = request;
  const empty = headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
  if (empty) return { value: undefined };
  if (!/^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "")) return { refusal: REFUSALS.contentType() };
  if (Number(headers["content-length"] ?? 0) > limit) return { refusal: REFUSALS.tooLarge(limit) };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return { refusal: REFUSALS.tooLarge(limit) };
    chunks.push(chunk);
  }
  return parse(Buffer.concat(chunks).toString("utf8"));
}

function parse(text: string): { value: unknown } | { refusal: Refusal } {
  if (text === "") return { value: undefined };
  try {
    return { value: JSON.parse(text, refusePrototypeKeys) as unknown };
  } catch (error) {
    const reason = error instanceof PrototypeKey ? error.message : "The body is not valid JSON.";
    return { refusal: REFUSALS.malformed(reason) };
  }
}

class PrototypeKey extends Error {}

function refusePrototypeKeys(key: string, value: unknown): unknown {
  if (key === "__proto__" || (key === "constructor" && typeof value === "object" && value !== null)) {
    throw new PrototypeKey(`The name '${key}' is not allowed in a body.`);
  }
  return value;
}
