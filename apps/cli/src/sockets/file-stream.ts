import type { ClientRequest, IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CliError, connectionLost, exitFor } from "../errors.ts";
import { prefixOf, type Target } from "../target.ts";
import { unreachable } from "../unreachable.ts";
import { authorizationOf } from "./authorization.ts";
import { wayTo } from "./way-to.ts";

export interface FileAsk {
  method: "GET" | "PUT";
  workspace: string;
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Readable;
  signal?: AbortSignal;
}

/** The answer's bytes; a refusal rejects with a `CliError`. Nothing is held whole on either way. */
export async function streamFile(target: Target, ask: FileAsk): Promise<IncomingMessage> {
  const url = new URL(target.kind === "http" ? target.url : "http://localhost");
  // As one segment, and none that is dots alone, which a URL would resolve.
  const path = ask.path.startsWith("/") ? ask.path : `./${ask.path}`;
  url.pathname = `${prefixOf(target)}/files/${encodeURIComponent(ask.workspace)}/${encodeURIComponent(path)}`;
  for (const [key, value] of Object.entries(ask.query ?? {})) url.searchParams.set(key, value);
  const { send, options } = await wayTo(target);
  const { promise: answered, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const outgoing: ClientRequest = send(
    url,
    {
      method: ask.method,
      headers: { ...ask.headers, ...authorizationOf(target) },
      ...(ask.signal === undefined ? {} : { signal: ask.signal }),
      ...options,
    },
    resolve,
  );
  outgoing.on("error", (error) => reject(ask.signal?.aborted === true ? error : unreachable(target, error)));
  if (ask.body === undefined) outgoing.end();
  // What is refused while it is sent is told by the answer.
  else void pipeline(ask.body, outgoing).catch((error: unknown) => reject(error));
  const answer = await answered;
  if ((answer.statusCode ?? 500) < 300) return answer;
  ask.body?.destroy();
  throw await refusalOf(answer, (message) => message.replace(`'${path}'`, () => `'${ask.path}'`));
}

/** The JSON that a PUT is answered with. */
export async function answerOf<T>(answer: IncomingMessage): Promise<T> {
  return JSON.parse(await textOf(answer)) as T;
}

/** The path is told as it was given, not as it was sent. */
async function refusalOf(answer: IncomingMessage, asGiven: (message: string) => string): Promise<CliError> {
  const text = await textOf(answer);
  try {
    const { code, message, data } = JSON.parse(text) as {
      code: string;
      message: string;
      data?: { code?: string; next?: string };
    };
    return new CliError(data?.code ?? code.toLowerCase(), asGiven(message), {
      ...(data?.next === undefined ? {} : { next: data.next }),
      exit: exitFor(data?.code, code),
    });
  } catch {
    return connectionLost(new Error(`status ${answer.statusCode}`));
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  } catch (error) {
    throw connectionLost(error);
  }
  return Buffer.concat(parts).toString();
}
