import {
  request as httpRequest,
  STATUS_CODES,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ByteChannel } from "@ws/workspace-core";
import { streamOver } from "../sockets/stream-over.ts";
import { inward, outward } from "./headers.ts";
import { sendPage, sendPageOn, type Page } from "./pages.ts";

/** A port of a workspace, for one request. */
export interface Target {
  /** A connection of its own: what one request leaves behind is no other's beginning. */
  connect(signal: AbortSignal): Promise<ByteChannel>;
  /** Aborts when whoever asks may see it no longer. */
  gone: AbortSignal;
  /** Whether the browser came over TLS. */
  secure: boolean;
  /** What a person is told who cannot be shown it. */
  explain(error: unknown): Promise<Page>;
}

/** What listens there said something that is no HTTP, or left without an answer. */
export class NoAnswer extends Error {}

/** Leads one request to the program and its answer back, both as they come; whoever reads slowly slows the one who writes. */
export async function forward(request: IncomingMessage, response: ServerResponse, target: Target): Promise<void> {
  const { over, leave } = follow(response, target.gone);
  try {
    const outgoing = await send(request, target, over);
    const answered = answerOf(outgoing);
    request.on("error", leave);
    // What is refused while it is sent is told by the answer, so the rest is left unread and not cut off.
    outgoing.once("close", () => request.unpipe(outgoing));
    outgoing.flushHeaders();
    request.pipe(outgoing);
    const answer = await answered;
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? "", outward(answer));
    // Events may be long in coming, and the browser waits for this.
    response.flushHeaders();
    await pipeline(answer, response);
  } catch (error) {
    // What is cut short must not be taken for a whole.
    if (response.headersSent || response.destroyed) return void response.destroy();
    const page = await target.explain(error);
    if (!response.destroyed) sendPage(request, response, page);
  } finally {
    leave();
  }
}

/** The same for what becomes a WebSocket, of which every byte is led on from there. */
export async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: Target): Promise<void> {
  const { over, leave } = follow(socket, target.gone);
  let isTold = false;
  const tell = (answer: IncomingMessage, own: Record<string, string>): void => {
    isTold = true;
    socket.write(headOf(answer, own));
  };
  try {
    const outgoing = await send(request, target, over, { connection: "Upgrade", upgrade: "websocket" });
    const switched = new Promise<Switched>((resolve) =>
      outgoing.once("upgrade", (answer, stream, first) => resolve({ answer, stream, first })),
    );
    const answered = answerOf(outgoing);
    answered.catch(() => undefined);
    outgoing.end();
    const came = await Promise.race([switched, answered]);
    if (!("stream" in came)) {
      tell(came, { connection: "close" });
      return await pipeline(came, socket);
    }
    const { answer, stream, first } = came;
    if (answer.headers.upgrade?.toLowerCase() !== "websocket") throw new NoAnswer();
    tell(answer, { connection: "Upgrade", upgrade: "websocket" });
    socket.write(first);
    stream.write(head);
    await Promise.all([pipeline(stream, socket), pipeline(socket, stream)]);
  } catch (error) {
    if (isTold || socket.destroyed) return void socket.destroy();
    const page = await target.explain(error);
    if (!socket.destroyed) sendPageOn(request, socket, page);
  } finally {
    leave();
  }
}

interface Switched {
  answer: IncomingMessage;
  stream: Duplex;
  first: Buffer;
}

/** `over` aborts when the browser leaves, when it has to, and when everything is done. */
function follow(browser: ServerResponse | Duplex, gone: AbortSignal): { over: AbortSignal; leave: () => void } {
  const over = new AbortController();
  const cut = (): void => void browser.destroy();
  const leave = (): void => {
    gone.removeEventListener("abort", cut);
    over.abort();
  };
  browser.once("close", leave);
  if (browser.destroyed) leave();
  if (gone.aborted) cut();
  gone.addEventListener("abort", cut, { once: true });
  return { over: over.signal, leave };
}

async function send(
  request: IncomingMessage,
  { connect, secure }: Target,
  over: AbortSignal,
  further: Record<string, string> = {},
): Promise<ClientRequest> {
  const stream = streamOver(await connect(over));
  const end = (): void => void stream.destroy();
  if (over.aborted) end();
  over.addEventListener("abort", end, { once: true });
  const { method = "GET", url = "/" } = request;
  const headers = { ...inward(request, secure), ...further };
  return httpRequest({ createConnection: () => stream, method, path: url, headers });
}

function answerOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("response", resolve);
    outgoing.on("error", (cause) => reject(new NoAnswer("", { cause })));
    outgoing.once("close", () => reject(new NoAnswer()));
  });
}

/** The beginning of an answer on a connection that is no longer the server's. */
function headOf(answer: IncomingMessage, own: Record<string, string>): string {
  const headers = { ...outward(answer), ...own };
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`));
  const status = answer.statusCode ?? 502;
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`, ...lines, "", ""].join("\r\n");
}
