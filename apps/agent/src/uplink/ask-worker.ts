import { request as httpRequest, type IncomingMessage } from "node:http";
import { isWsError, toWsError, WsError, type ErrorCode } from "@ws/workspace-core";
import { createAgentClient, type AgentClient } from "@ws/rpc-contract/client";
import type { WireErrorData } from "@ws/rpc-contract";
import type { Caller } from "../access/caller.ts";
import { WIRE_CODES } from "../rpc/wire-errors.ts";
import { REFUSALS } from "../http/refusal.ts";
import { headersFor, isForHereOnly } from "./caller.ts";
import type { Links } from "./links.ts";
import { WIRE_PATHS } from "./sessions.ts";

/** What a worker answers is not trusted to be small, or to come. */
const LARGEST_ANSWER = 256 * 1024;
const ANSWER_WITHIN_MS = 15_000;

/**
 * Asks something of a worker as this caller, whom the worker judges. Throws what the worker refused with, `forbidden` for who is
 * led to no worker, `worker_not_found`, `worker_offline`, `too_many_requests`, and `timeout` where it does not answer.
 */
export async function askWorker<T>(
  links: Pick<Links, "open">,
  { worker, caller }: { worker: string; caller: Caller },
  ask: (client: AgentClient, options: { signal: AbortSignal }) => Promise<T>,
): Promise<T> {
  if (isForHereOnly(caller)) throw notLed();
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const client = createAgentClient({
    url: "http://worker",
    fetch: async (request) => {
      const body = await request.text();
      const answer = await send(links, { worker, caller, path: new URL(request.url).pathname, body, signal });
      return new Response(await textOf(answer), {
        status: answer.statusCode ?? 502,
        headers: { "content-type": "application/json" },
      });
    },
  });
  try {
    return await ask(client, { signal });
  } catch (error) {
    throw signal.aborted ? late(worker) : asOwn(worker, error);
  }
}

function send(
  links: Pick<Links, "open">,
  asked: { worker: string; caller: Caller; path: string; body: string; signal: AbortSignal },
): Promise<IncomingMessage> {
  const { worker, caller, path, body, signal } = asked;
  const stream = links.open(worker, "interactive", WIRE_PATHS.connection);
  stream.on("error", () => undefined);
  signal.addEventListener("abort", () => stream.destroy(), { once: true });
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      createConnection: () => stream,
      method: "POST",
      path,
      headers: { ...headersFor(caller), host: "worker", "content-type": "application/json" },
    });
    outgoing.once("response", resolve);
    outgoing.on("error", reject);
    outgoing.end(Buffer.from(body));
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    parts.push(part);
    size += part.length;
    if (size > LARGEST_ANSWER) throw new Error("the answer is too large");
  }
  return Buffer.concat(parts).toString();
}

/** A refusal of the worker as this agent's own: by its code where that is one, and nothing else of it is believed. */
function asOwn(worker: string, error: unknown): WsError {
  if (isWsError(error)) return error;
  const { message, data } = error as { message?: unknown; data?: Partial<WireErrorData> };
  const code = data?.code;
  if (typeof code === "string" && Object.hasOwn(WIRE_CODES, code) && typeof message === "string") {
    return new WsError(code as ErrorCode, {
      message: said(message),
      ...(typeof data?.next === "string" ? { next: said(data.next) } : {}),
      data: {},
    });
  }
  return new WsError("worker_offline", {
    message: `The worker '${worker}' did not answer as a worker does.`,
    next: "See how it stands: ws worker list.",
    data: { worker },
    cause: toWsError(error),
  });
}

function said(text: string): string {
  return text.replace(/\p{C}/gu, "\uFFFD").slice(0, 500);
}

/** In the words of the gate, which leads it to none either. */
function notLed(): WsError<"forbidden"> {
  const { message, next } = REFUSALS.forThisWorker();
  return new WsError("forbidden", { message, ...(next === undefined ? {} : { next }), data: { needs: "write" } });
}

function late(worker: string): WsError<"timeout"> {
  return new WsError("timeout", {
    message: `The worker '${worker}' did not answer within ${ANSWER_WITHIN_MS / 1_000} s; whether it did what was asked is not known.`,
    next: "Look there, and repeat it.",
    data: { afterMs: ANSWER_WITHIN_MS },
  });
}
