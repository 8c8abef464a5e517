import { createMcpHandler } from "@modelcontextprotocol/server";
import { openToolServer, type ToolServerOptions } from "./server.ts";

export interface ToolHandlerOptions extends ToolServerOptions {
  /** Told of requests that were refused and of failures that no answer shows. */
  onError?: (error: Error) => void;
}

/**
 * Answers one request of the protocol over HTTP, without sessions: each request stands for itself, also of clients that
 * speak an earlier revision. It judges neither host nor origin nor token; whoever calls it has.
 * Aborting the request's signal ends what it does.
 */
export async function answerTools(
  { onError, ...options }: ToolHandlerOptions,
  request: Request,
  body?: unknown,
): Promise<Response> {
  const handler = createMcpHandler(() => openToolServer(options), onError === undefined ? {} : { onerror: onError });
  return handler.fetch(request, body === undefined ? {} : { parsedBody: body });
}
