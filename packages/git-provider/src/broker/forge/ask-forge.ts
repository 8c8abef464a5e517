import type { LookupAddress } from "node:dns";
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import type { AskSecret, TokenSecret } from "@ws/workspace-core";
import { type Authority, formatAuthority } from "../../hosts.ts";
import { type Body, bytesBody } from "./bodies.ts";
import { credentialRefused, unreachable } from "./refusals.ts";
import type { Upstream } from "./upstream.ts";

export interface Asked {
  upstream: Upstream;
  authority: Authority;
  addresses: readonly LookupAddress[];
  method: string;
  target: string;
  headers: OutgoingHttpHeaders;
  body: Body;
  /** Whether who asks holds the forge back, so that its silence is no fault. */
  isHeld: () => boolean;
  /** Ends the request, whichever attempt it is at. */
  signal: AbortSignal;
  /** Whether its headers show what no other request may use. */
  isAuthorized?: boolean;
}

export interface Answer {
  message: IncomingMessage;
  /** What was shown for it. */
  secret: TokenSecret | undefined;
}

/**
 * Asks the forge with the worker's own credential. Where the forge does not take that, another one is asked for and shown
 * once, if the body can be sent again. Throws `RouteRefused`, and what `secret` throws.
 */
export async function askWithSecret(asked: Asked, ask: AskSecret): Promise<Answer> {
  const { signal } = asked;
  const first = await ask({ signal });
  const message = await askForge(asked, first).catch(async (error: unknown) => {
    if (first !== undefined && (await wasRefusedMidway(asked, first, error))) return undefined;
    throw error;
  });
  if (message !== undefined && (message.statusCode !== 401 || first === undefined)) return { message, secret: first };
  message?.destroy();
  const host = formatAuthority(asked.authority);
  if (first === undefined || !asked.body.repeatable) throw credentialRefused(first?.id, host);
  const second = await ask({ refused: first.password, signal });
  if (second === undefined || second.password === first.password) throw credentialRefused(first.id, host);
  const again = await askForge(asked, second);
  if (again.statusCode !== 401) return { message: again, secret: second };
  again.destroy();
  throw credentialRefused(second.id, host);
}

/**
 * A forge that refuses a push while it comes may close before its refusal is read, so it is asked whether that was it. What
 * was cut so has not been taken, and is safe to send again.
 */
async function wasRefusedMidway(asked: Asked, secret: TokenSecret, error: unknown): Promise<boolean> {
  const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  if (!asked.body.repeatable || (code !== "EPIPE" && code !== "ECONNRESET")) return false;
  const target = asked.target.replace(/\/(git-(?:upload|receive)-pack)$/, "/info/refs?service=$1");
  const asking = { ...asked, method: "GET", target, headers: {}, body: bytesBody(Buffer.alloc(0)) };
  const message = await askForge(asking, secret).catch(() => undefined);
  message?.destroy();
  return message?.statusCode === 401;
}

/** One request with its answer; `secret` takes the place of any other authorization. Throws `RouteRefused`. */
export async function askForge(asked: Asked, secret: TokenSecret | undefined): Promise<IncomingMessage> {
  const { authority, addresses, method, target, body, signal } = asked;
  const headers = framed(asked);
  if (secret !== undefined) headers["authorization"] = basic(secret);
  signal.throwIfAborted();
  const isAuthorized = secret !== undefined || asked.isAuthorized === true;
  const request = asked.upstream.begin({ authority, addresses, method, target, headers, isAuthorized });
  // The forge may take the rest of a request that it answered before its end for the beginning of the next one.
  request.once("response", () => {
    if (!request.writableFinished) request.shouldKeepAlive = false;
  });
  const end = (): void => void request.destroy();
  signal.addEventListener("abort", end);
  request.once("close", () => signal.removeEventListener("abort", end));
  request.on("timeout", () => {
    if (!asked.isHeld()) request.destroy(Object.assign(new Error("silent"), { code: "ETIMEDOUT" }));
  });
  if (method === "GET") request.end();
  else body.sendTo(request);
  return answerOf(request).catch((error: unknown) => {
    throw unreachable(formatAuthority(authority), error);
  });
}

/** Where a request ends is told by what is sent, never by what somebody said of it: a forge would find the next one elsewhere. */
function framed({ method, headers, body }: Asked): OutgoingHttpHeaders {
  const { "content-length": _, "transfer-encoding": __, ...plain } = headers;
  if (method !== "GET") return body.length === undefined ? plain : { ...plain, "content-length": body.length };
  const { "content-encoding": ___, "content-type": ____, ...bare } = plain;
  return bare;
}

/** Where an answer sends whoever asked; undefined for one that is no redirect. */
export function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  return [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined;
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // Stays after the answer has begun: a forge may refuse a push and close while it is still being sent.
    request.on("error", reject);
  });
}

function basic({ username, password }: TokenSecret): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
