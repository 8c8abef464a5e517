import { validateHeaderName, validateHeaderValue } from "node:http";
import type { BatchRequest } from "./batch-request.ts";
import type { Transfer } from "./transfers.ts";

/** What a forge said of one object. */
export interface AnsweredObject {
  oid: string;
  size: number;
  error?: { code: number; message: string };
  actions: readonly Pick<Transfer, "kind" | "href" | "header" | "authenticated" | "expiresAt">[];
}

/** Longest that an object is transferred after it was asked for; git-lfs asks again for what it comes to later. */
const LASTS_MS = 3_600_000;
const MAX_ACTION_CHARACTERS = 8_192;

/** Thrown for what is no answer of Git LFS. */
export class NoLfsAnswer extends Error {
  override readonly name = "NoLfsAnswer";
}

/** Takes a forge's answer apart, as far as it is about what was asked. Throws `NoLfsAnswer`. */
export function readBatchAnswer(body: unknown, request: BatchRequest, now: number): AnsweredObject[] {
  const { objects, transfer = "basic" } = fieldsOf(body);
  if (!Array.isArray(objects)) throw new NoLfsAnswer("it names no objects");
  if (transfer !== "basic") throw new NoLfsAnswer("it transfers objects in a way that was not asked for");
  const kinds = request.operation === "download" ? (["download"] as const) : (["upload", "verify"] as const);
  const answered = new Map((objects as unknown[]).map(fieldsOf).map((each) => [each["oid"], each]));
  return request.objects.flatMap(({ oid, size }) => {
    const said = answered.get(oid);
    if (said === undefined) return [];
    const { error, actions, authenticated } = said;
    if (error !== undefined && error !== null) return [{ oid, size, error: readError(fieldsOf(error)), actions: [] }];
    // Older servers say so under this name.
    const all = fieldsOf(actions ?? said["_links"] ?? {});
    const read = kinds.flatMap((kind) => {
      const action = all[kind];
      if (action === undefined || action === null) return [];
      return [{ kind, authenticated: authenticated === true, ...readAction(fieldsOf(action), now) }];
    });
    return [{ oid, size, actions: read }];
  });
}

function readAction(
  { href, header, expires_in: expiresIn, expires_at: expiresAt }: Record<string, unknown>,
  now: number,
): Pick<Transfer, "href" | "header" | "expiresAt"> {
  const url = typeof href === "string" ? URL.parse(href) : null;
  if (url === null) throw new NoLfsAnswer("it says no place of an object");
  const headers = readHeaders(fieldsOf(header ?? {}));
  const length = JSON.stringify(headers).length + url.href.length;
  if (length > MAX_ACTION_CHARACTERS) throw new NoLfsAnswer("what it says of an object is too long");
  const relative = typeof expiresIn === "number" && expiresIn > 0 ? now + expiresIn * 1_000 : Infinity;
  const parsed = typeof expiresAt === "string" ? Date.parse(expiresAt) : Number.NaN;
  // Some servers say the year 1 where nothing expires.
  const absolute = parsed > 0 ? parsed : Infinity;
  const end = Number.isFinite(relative) ? relative : absolute;
  return { href: url, header: headers, expiresAt: Math.min(now + LASTS_MS, end) };
}

function readHeaders(header: Record<string, unknown>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(header)) {
    try {
      validateHeaderName(name);
      validateHeaderValue(name, String(value));
    } catch {
      throw new NoLfsAnswer("it says a header that is none");
    }
    headers[name.toLowerCase()] = String(value);
  }
  return headers;
}

function readError({ code, message }: Record<string, unknown>): { code: number; message: string } {
  const known = typeof code === "number" && Number.isInteger(code) && code >= 400 && code < 600;
  return { code: known ? code : 500, message: typeof message === "string" ? message.slice(0, 300) : "" };
}

function fieldsOf(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new NoLfsAnswer("it is not what Git LFS says");
  }
  return value as Record<string, unknown>;
}
