import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface OfferedTool {
  name: string;
  description: string;
  inputSchema?: object;
}

/** A server of tools over HTTP, whose offer the test changes as it likes. */
export interface ToolServerStandIn extends AsyncDisposable {
  readonly url: string;
  tools: OfferedTool[];
  instructions: string;
  /** What it answers instead, where set. */
  status?: number;
}

export async function startToolServer(...tools: OfferedTool[]): Promise<ToolServerStandIn> {
  const server = createServer((request, response) => {
    void answer(request).then((said) => {
      response.statusCode = said.status;
      if (standIn.status === 302) response.setHeader("location", `${standIn.url}/elsewhere`);
      response.setHeader("content-type", "application/json");
      response.end(said.body);
    });
  });

  async function answer(request: IncomingMessage): Promise<{ status: number; body: string }> {
    const text = (await Array.fromAsync(request)).join("");
    if (standIn.status !== undefined) return { status: standIn.status, body: "" };
    if (request.method !== "POST") return { status: 405, body: "" };
    const { id, method, params } = JSON.parse(text) as {
      id?: number;
      method: string;
      params?: Record<string, unknown>;
    };
    if (id === undefined) return { status: 202, body: "" };
    const result = resultOf(method, params);
    const error = { code: -32601, message: "no such method" };
    return {
      status: 200,
      body: JSON.stringify({ jsonrpc: "2.0", id, ...(result === undefined ? { error } : { result }) }),
    };
  }

  function resultOf(method: string, params: Record<string, unknown> = {}): object | undefined {
    if (method === "initialize") {
      return {
        protocolVersion: params["protocolVersion"],
        capabilities: { tools: {} },
        serverInfo: { name: "stand-in", version: "1" },
        instructions: standIn.instructions,
      };
    }
    if (method !== "tools/list") return undefined;
    // A page for each, as one that has very many would have it.
    const at = Number(params["cursor"] ?? 0);
    const page = standIn.tools.slice(at, at + 1).map((tool) => ({ inputSchema: { type: "object" }, ...tool }));
    return { tools: page, ...(at + 1 < standIn.tools.length ? { nextCursor: String(at + 1) } : {}) };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const standIn: ToolServerStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    tools,
    instructions: "",
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return standIn;
}
