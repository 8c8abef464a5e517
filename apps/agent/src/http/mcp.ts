import type { IncomingMessage, ServerResponse } from "node:http";
import { createRouterClient } from "@orpc/server";
import { answerTools } from "@ws/mcp-tools";
import type { RequestContext, Services } from "../rpc/context.ts";
import type { createRouter } from "../rpc/router.ts";
import { untilGone } from "../rpc/until.ts";
import { untilLeft } from "./until-left.ts";
import { sendWebResponse, toWebRequest } from "./web-request.ts";

/** Answers a request of the Model Context Protocol: its tools call the procedures as whoever asks, so every rule holds for them too. */
export type Mcp = (
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
  body: unknown,
) => Promise<void>;

export function createMcp(services: Services, router: ReturnType<typeof createRouter>): Mcp {
  const { version, log } = services;
  return async (request, response, context, body) => {
    const signal = untilGone(services, context, untilLeft(response));
    const client = createRouterClient(router, { context });
    const onError = (error: Error): void => log.debug("a tool call was refused or failed", { error });
    const answer = await answerTools({ client, version, onError }, toWebRequest(request, signal), body);
    await sendWebResponse(response, answer, signal);
  };
}
