import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/** What a tool asked a model for. */
export interface ModelRequest {
  path: string;
  /** The key as it came. */
  key: string;
  text: string;
}

export interface ModelProvider extends AsyncDisposable {
  url: string;
  readonly requests: readonly ModelRequest[];
  /** How requests are answered from now on. */
  answer(how: "well" | "no key" | "limit"): void;
}

const SAID = "All done here.";
const QUESTION = {
  questions: [
    {
      question: "Which colour?",
      header: "Colour",
      multiSelect: false,
      options: [
        { label: "Red", description: "as blood" },
        { label: "Blue", description: "as the sky" },
      ],
    },
  ],
};

/**
 * A provider of models, in the words of two of them: it says one sentence, and asks where a prompt says so. On a free port of loopback where nothing else is
 * said; over TLS with a certificate. Its text is also run by itself, in a workspace: it uses nothing but Node.
 */
export async function startModelProvider({
  listen = { host: "127.0.0.1", port: 0 },
  tls,
  heard = () => undefined,
}: {
  listen?: { host: string; port: number };
  tls?: { key: string; cert: string };
  /** Told of each request, and of each that would have a WebSocket, which has no text. */
  heard?: (request: ModelRequest) => void;
} = {}): Promise<ModelProvider> {
  const requests: ModelRequest[] = [];
  let how: Parameters<ModelProvider["answer"]>[0] = "well";
  const hear = ({ url = "", headers }: IncomingMessage, text: string): void => {
    const key = (headers["x-api-key"] ?? headers.authorization ?? "").toString().replace(/^Bearer /, "");
    const heardNow = { path: url, key, text };
    requests.push(heardNow);
    heard(heardNow);
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    void textOf(request).then((text) => {
      const { url = "" } = request;
      hear(request, text);
      if (how !== "well") return refuse(response, how);
      if (url.includes("/messages")) return messages(response, text);
      if (url.includes("/responses") && request.method === "POST") return responses(response);
      response.writeHead(426).end();
    });
  };
  const server = tls === undefined ? createServer(onRequest) : createSecureServer(tls, onRequest);
  // Codex would rather have a WebSocket, and takes this for an answer.
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    hear(request, "");
    socket.end("HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n");
  });
  await new Promise<void>((resolve) => server.listen(listen.port, listen.host, resolve));
  return {
    url: `${tls === undefined ? "http" : "https"}://${listen.host}:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (next) => void (how = next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString("utf8");
}

function refuse(response: ServerResponse, how: "no key" | "limit"): void {
  response.writeHead(how === "limit" ? 429 : 401, { "content-type": "application/json" });
  const error =
    how === "limit"
      ? { type: "usage_limit_reached", message: "The usage limit has been reached" }
      : { type: "authentication_error", code: "invalid_api_key", message: "Incorrect API key provided." };
  response.end(JSON.stringify({ type: "error", error }));
}

function teller(response: ServerResponse): (type: string, data: object) => void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  return (type, data) => void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
}

/** Anthropic's way. */
function messages(response: ServerResponse, text: string): void {
  const { model, tools = [] } = JSON.parse(text) as {
    model?: string;
    tools?: unknown[];
  };
  // A tool that may be called is not always named before it is.
  const asks = tools.length > 0 && text.includes("ask me") && !text.includes("tool_result");
  const tell = teller(response);
  const usage = { input_tokens: 10, output_tokens: 5 };
  const message = { type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null };
  tell("message_start", { message: { ...message, id: `msg_${crypto.randomUUID()}`, usage } });
  const block = asks
    ? { type: "tool_use", id: `toolu_${crypto.randomUUID()}`, name: "AskUserQuestion", input: {} }
    : { type: "text", text: "" };
  const delta = asks
    ? { type: "input_json_delta", partial_json: JSON.stringify(QUESTION) }
    : { type: "text_delta", text: SAID };
  tell("content_block_start", { index: 0, content_block: block });
  tell("content_block_delta", { index: 0, delta });
  tell("content_block_stop", { index: 0 });
  tell("message_delta", { delta: { stop_reason: asks ? "tool_use" : "end_turn", stop_sequence: null }, usage });
  tell("message_stop", {});
  response.end();
}

/** OpenAI's way. */
function responses(response: ServerResponse): void {
  const tell = teller(response);
  const id = `resp_${crypto.randomUUID()}`;
  const content = [{ type: "output_text", text: SAID }];
  const usage = { input_tokens: 10, input_tokens_details: null, output_tokens: 5, output_tokens_details: null };
  tell("response.created", { response: { id } });
  tell("response.output_item.done", { item: { type: "message", role: "assistant", id: "msg_1", content } });
  tell("response.completed", { response: { id, usage: { ...usage, total_tokens: 15 } } });
  response.end();
}
