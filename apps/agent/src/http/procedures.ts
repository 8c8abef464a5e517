import type { IncomingMessage, ServerResponse } from "node:http";
import { OpenAPIHandler } from "@orpc/openapi/node";
import { RPCHandler } from "@orpc/server/node";
import type { RequestContext, Services } from "../rpc/context.ts";
import { createRouter } from "../rpc/router.ts";
import { generateSpec, renderPage } from "./api-page.ts";
import { createAiAction, type AiAction } from "./ai-action.ts";
import { createFileStreams, type FileStreams } from "./file-streams.ts";
import type { Mcp } from "./mcp.ts";
import { refuse, REFUSALS } from "./refusal.ts";
import { createTaskLog, type TaskLog } from "./task-log.ts";

/** What answers behind the gate; heavy to load, so it is loaded after the agent listens. */
export interface Procedures {
  rpc(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
  api(request: IncomingMessage, response: ServerResponse, context: RequestContext): Promise<void>;
  mcp(request: IncomingMessage, response: ServerResponse, context: RequestContext, body: unknown): Promise<void>;
  files: FileStreams;
  taskLog: TaskLog;
  aiAction: AiAction;
  page(response: ServerResponse): Promise<void>;
}

export function createProcedures(services: Services): Procedures {
  const router = createRouter(services);
  // A client takes nine silent seconds for a dead network.
  const streams = { eventIteratorKeepAliveInterval: 3_000 };
  const rpcHandler = new RPCHandler(router, streams);
  const apiHandler = new OpenAPIHandler(router, streams);
  // Its library is another half megabyte that most workers never need.
  let tools: Promise<Mcp> | undefined;
  let spec: ReturnType<typeof generateSpec> | undefined;
  const document = (): ReturnType<typeof generateSpec> => (spec ??= generateSpec(services.version));

  return {
    async rpc(request, response, context) {
      const { matched } = await rpcHandler.handle(request, response, { prefix: "/rpc", context });
      if (!matched) refuse(request, response, REFUSALS.notFound());
    },
    async api(request, response, context) {
      if (request.method === "GET" && /^\/api\/spec\.json(?:\?|$)/.test(request.url ?? "")) {
        return send(response, "application/json", JSON.stringify(await document()));
      }
      const { matched } = await apiHandler.handle(request, response, { prefix: "/api", context });
      if (!matched) refuse(request, response, REFUSALS.notFound());
    },
    async mcp(request, response, context, body) {
      tools ??= import("./mcp.ts").then(({ createMcp }) => createMcp(services, router));
      return (await tools)(request, response, context, body);
    },
    files: createFileStreams(services),
    taskLog: createTaskLog(services),
    aiAction: createAiAction(services),
    page: async (response) =>
      send(response, "text/html; charset=utf-8", renderPage(await document(), services.dashboard())),
  };
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache" });
  response.end(body);
}
