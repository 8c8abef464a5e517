import { fileURLToPath } from "node:url";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { AgentProcess } from "./agent-process.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

/** A session with the protocol's own client, as a coding agent has one. */
export interface ToolClient extends AsyncDisposable {
  /** What the tool answered; throws with its text where that is a failure. Aborting the signal cancels it. */
  use(
    name: string,
    given?: object,
    options?: { onProgress?: (message: string) => void; signal?: AbortSignal },
  ): Promise<Answered>;
  /** The code that the tool refused with, `ok` where it did not. */
  code(name: string, given?: object): Promise<string>;
  tools(): Promise<string[]>;
  /** Of the program, where there is one of its own. */
  readonly pid?: number | undefined;
}

type Answered = Record<string, unknown>;

/** The program that an agent starts, with the variables of its configuration. */
export async function overStdio(agent: AgentProcess, env: Record<string, string> = {}): Promise<ToolClient> {
  const client = new Client({ name: "e2e", version: "1" });
  const base = { PATH: process.env["PATH"] ?? "", WS_CONFIG_DIR: agent.configDirectory };
  const transport = new StdioClientTransport({ command: launcher, args: ["mcp"], env: { ...base, ...env } });
  await client.connect(transport);
  return { ...wrap(client), pid: transport.pid ?? undefined };
}

export async function overHttp(agent: AgentProcess, token: string): Promise<ToolClient> {
  const client = new Client({ name: "e2e", version: "1" }, { versionNegotiation: { mode: "auto" } });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${agent.url}/mcp`), { requestInit }));
  return wrap(client);
}

function wrap(client: Client): ToolClient {
  return {
    async use(name, given = {}, { onProgress, signal } = {}) {
      const onprogress = onProgress && (({ message = "" }: { message?: string | undefined }) => onProgress(message));
      const answer = await client.callTool(
        { name, arguments: { ...given } },
        { timeout: 120_000, ...(onprogress && { onprogress }), ...(signal && { signal }) },
      );
      if (answer.isError === true) throw new Error(JSON.stringify(answer.structuredContent));
      return answer.structuredContent as Answered;
    },
    async code(name, given = {}) {
      const answer = await client.callTool({ name, arguments: { ...given } });
      return answer.isError === true ? String((answer.structuredContent as { code?: string }).code) : "ok";
    },
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
