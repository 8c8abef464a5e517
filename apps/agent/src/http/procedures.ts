import type { IncomingMessage, ServerResponse } from "node:http";
import { StandardRPCJsonSerializer, StandardRPCSerializer } from "@orpc/client/standard";
import { StandardOpenAPIHandler } from "@orpc/openapi/standard";
import { StrictGetMethodPlugin } from "@orpc/server/plugins";
import { StandardHandler, StandardRPCMatcher } from "@orpc/server/standard";
import { sendStandardResponse, toStandardLazyRequest } from "@orpc/standard-server-node";
import type { RequestContext, Services } from "../rpc/context.ts";
import { createRouter } from "../rpc/router.ts";
import { generateSpec, PAGE_POLICY, renderPage } from "./api-page.ts";
import { createAiAction, type AiAction } from "./ai-action.ts";
import { createSendEvents, type SendEvents } from "./event-stream.ts";
import { createFileStreams, type FileStreams } from "./file-streams.ts";
import type { Mcp } from "./mcp.ts";
import { refuse, REFUSALS } from "./refusal.ts";
import { isIterator, StreamCodec } from "./stream-codec.ts";
import { createMetrics, type Metrics } from "../metrics/metrics.ts";
import { createTaskLog, type TaskLog } from "./task-log.ts";

/** What answers behind the gate; heavy to load, so it is loaded after the agent listens. */
export interface Procedures {
  rpc(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
  api(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
  mcp(request: IncomingMessage, response: ServerResponse, context: RequestContext, body: unknown): Promise<void>;
  files: FileStreams;
  taskLog: TaskLog;
  aiAction: AiAction;
  metrics: Metrics;
  page(response: ServerResponse): Promise<void>;
}

export function createProcedures(services: Services): Procedures {
  const router = createRouter(services);
  const { clock } = services;
  const serializer = new StandardRPCSerializer(new StandardRPCJsonSerializer());
  const rpc: Surface = {
    prefix: "/rpc",
    handler: new StandardHandler<RequestContext>(router, new StandardRPCMatcher(), new StreamCodec(serializer), {
      plugins: [new StrictGetMethodPlugin()],
    }),
    sendEvents: createSendEvents({ clock, serialize: (value) => serializer.serialize(value) }),
  };
  const api: Surface = {
    prefix: "/api",
    handler: new StandardOpenAPIHandler<RequestContext>(router, {}),
    sendEvents: createSendEvents({ clock }),
  };
  // Its library is another half megabyte that most workers never need.
  let tools: Promise<Mcp> | undefined;
  let spec: ReturnType<typeof generateSpec> | undefined;
  const document = (): ReturnType<typeof generateSpec> => (spec ??= generateSpec(services.version));

  return {
    rpc: (request, response, context) => answer(rpc, request, response, context),
    async api(request, response, context) {
      if (request.method === "GET" && /^\/api\/spec\.json(?:\?|$)/.test(request.url ?? "")) {
        return send(response, "application/json", JSON.stringify(await document()));
      }
      return answer(api, request, response, context);
    },
    async mcp(request, response, context, body) {
      tools ??= import("./mcp.ts").then(({ createMcp }) => createMcp(services, router));
      return (await tools)(request, response, context, body);
    },
    files: createFileStreams(services),
    taskLog: createTaskLog(services),
    aiAction: createAiAction(services),
    metrics: createMetrics(services),
    async page(response) {
      const page = renderPage(await document(), services.dashboard());
      response.setHeader("content-security-policy", PAGE_POLICY);
      send(response, "text/html; charset=utf-8", page);
    },
  };
}

/** One way to call the procedures. */
interface Surface {
  prefix: "/rpc" | "/api";
  handler: StandardHandler<RequestContext>;
  sendEvents: SendEvents;
}

async function answer(
  { prefix, handler, sendEvents }: Surface,
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
): Promise<void> {
  const streamed: NonNullable<RequestContext["streamed"]> = {};
  const found = await handler.handle(toStandardLazyRequest(request, response), {
    prefix,
    context: { ...context, streamed },
  });
  if (!found.matched) return refuse(request, response, REFUSALS.notFound());
  const { status, headers, body } = found.response;
  if (!isIterator(body)) return sendStandardResponse(response, found.response);
  response.writeHead(status, { ...headers, "content-type": "text/event-stream" });
  // What a procedure tells is JSON already, so that `/api` has nothing to make of it; `body` says how the stream ends.
  return sendEvents(response, body, streamed.stream);
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache" });
  response.end(body);
}
