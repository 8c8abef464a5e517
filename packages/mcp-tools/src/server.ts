import {
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type CallToolResult,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { AgentClient } from "@ws/rpc-contract/client";
import { toFailure, ToolError, type Failure } from "./failure.ts";
import { fieldsFor, inputSchema, parseInput } from "./input.ts";
import { findReach, isWithin } from "./reach.ts";
import { TOOLS } from "./tools.ts";
import type { Reach, Tool } from "./tool.ts";

export interface ToolServerOptions {
  /** Whose calls the tools make; what it may not do, they may not either. */
  client: AgentClient;
  /** Of the product, as clients show it. */
  version: string;
  /** Of the caller, where it is known already, so that nothing is told of what it cannot use. */
  reach?: Reach | undefined;
}

const INSTRUCTIONS = `Workspaces are isolated places to work in, each with a repository on a branch of its own. You are shown the tools that your token can use.
With all of them: make a workspace with workspace_clone, look and edit (paths are relative to the repository), commit, and end with workspace_finalize, which pushes and opens the pull request. A refusal says in 'next' what to do.`;

const OF_HANDLERS = `You work in one workspace of your own, with one task, and with nothing but the tools that you are shown; paths are relative to its repository. A refusal says in 'next' what to do.`;

/** As `createToolServer`, once the agent has said who the caller is; it is told of nothing it cannot use. */
export async function openToolServer(options: ToolServerOptions): Promise<Server> {
  // An agent that does not answer now says why with the first call.
  const reach = await findReach(options.client).catch(() => undefined);
  return createToolServer({ ...options, reach });
}

/** A server of the protocol for one caller: it lists and runs the tools that this caller may use. */
export function createToolServer({ client, version, reach: known }: ToolServerOptions): Server {
  const server = new Server(
    { name: "workspace", title: "Workspace", version },
    {
      capabilities: { tools: {} },
      instructions: known?.handler === undefined ? INSTRUCTIONS : OF_HANDLERS,
      jsonSchemaValidator: NO_VALIDATOR,
    },
  );
  server.setRequestHandler("tools/list", async (_request, { mcpReq }) => {
    const reach = await findReach(client, mcpReq.signal);
    return { tools: TOOLS.filter((tool) => isWithin(tool, reach)).map((tool) => describe(tool, reach)) };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const tool = TOOLS.find(({ name }) => name === params.name);
    if (tool === undefined) {
      const message = `There is no tool '${params.name.slice(0, 100)}'.`;
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    }
    try {
      return await call(tool, params.arguments ?? {}, client, context);
    } catch (error) {
      return failed(toFailure(error));
    }
  });
  return server;
}

/** Nothing is asked of clients that would have to be judged by a schema; the library's own takes milliseconds to make. */
const NO_VALIDATOR = { getValidator: () => () => ({ valid: false as const, data: undefined, errorMessage: "unused" }) };

function describe(tool: Tool, reach: Reach) {
  const { name, title, description, effect, repeatable = effect === "reads", outside = false } = tool;
  return {
    name,
    title,
    description,
    inputSchema: inputSchema(fieldsFor(tool, reach)),
    annotations: {
      readOnlyHint: effect === "reads",
      destructiveHint: effect === "destroys" || effect === "changes",
      idempotentHint: repeatable,
      openWorldHint: outside,
    },
  };
}

async function call(
  tool: Tool,
  given: Record<string, unknown>,
  client: AgentClient,
  { mcpReq }: ServerContext,
): Promise<CallToolResult> {
  const { signal } = mcpReq;
  const reach = await findReach(client, signal);
  if (!isWithin(tool, reach)) throw notAllowed(tool);
  const use = { client, reach, signal, ...telling(mcpReq) };
  const { data, text, note } = await tool.run(parseInput(tool, given, reach), use);
  const texts = note === undefined ? [text] : [text, note];
  return { content: texts.map((one) => ({ type: "text", text: one })), structuredContent: data };
}

/** A way to tell of progress, where the caller gave a token to tell it under. */
function telling({ _meta, notify }: ServerContext["mcpReq"]): { progress?: (message: string) => Promise<void> } {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return {};
  let progress = 0;
  return {
    progress: (message) =>
      notify({ method: "notifications/progress", params: { progressToken, progress: (progress += 1), message } }),
  };
}

function notAllowed({ name, needs }: Tool): ToolError {
  return new ToolError({
    code: "forbidden",
    message: `This token may not use ${name}: it needs the scope '${needs.scope}'.`,
    next: `Create one that may: ws token create NAME --scope ${needs.scope}.`,
    details: { needs: needs.scope },
  });
}

function failed(failure: Failure): CallToolResult {
  const { code, message, next } = failure;
  const text = `${message} (${code})${next === undefined ? "" : `\n${next}`}`;
  return { isError: true, content: [{ type: "text", text }], structuredContent: { ...failure } };
}
