import { randomBytes } from "node:crypto";
import { request as httpRequest } from "node:http";
import { createAgentClient, type AgentClient } from "@ws/rpc-contract/client";
import { startAgent, type Agent, type AgentOptions } from "../agent.ts";
import { createFakeAdapters } from "./fake-adapters.ts";
import { tempDir } from "./temp-dir.ts";

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Ask {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Over the local socket instead of TCP. */
  unix?: boolean;
  /** The address to go to, where it is another of this machine's loopback addresses. */
  to?: string;
  /** The address to come from, where it is another of this machine's loopback addresses. */
  from?: string;
  /** Not waiting for a body that may never end. */
  statusOnly?: boolean;
}

export interface TestAgent extends AsyncDisposable {
  agent: Agent;
  configDirectory: string;
  /** What a person read at the start. */
  said: string;
  /** Log lines for people. */
  logged: string[];
  adapters: ReturnType<typeof createFakeAdapters>;
  /** A raw request, with exactly these headers beside Host and Connection. */
  ask(path: string, ask?: Ask): Promise<Answer>;
  /** A client on the local socket, so an administrator. */
  local: AgentClient;
  /** A client on TCP. */
  remote(token: string): AgentClient;
  /** A client on TCP with a new token of this scope. */
  scoped(scope: string): Promise<AgentClient>;
}

/** The whole agent in this process, on a worker in memory and a configuration of its own. */
export async function startTestAgent(options: Partial<AgentOptions> = {}): Promise<TestAgent> {
  const directory = tempDir();
  const configDirectory = options.configDirectory ?? `${directory.path}/config`;
  const adapters = createFakeAdapters();
  const logged: string[] = [];
  let said = "";
  const agent = await startAgent({
    configDirectory,
    env: { WS_TAILNET: "off" },
    port: 0,
    write: (text) => void (said += text),
    writeLog: (line) => void logged.push(line),
    adapters: () => adapters,
    ...options,
  });

  function ask(
    path: string,
    { method = "GET", headers = {}, body, unix = false, to = "127.0.0.1", from, statusOnly = false }: Ask = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const target = unix ? { socketPath: agent.socket } : { host: to, port: agent.port };
      const request = httpRequest({
        ...target,
        path,
        method,
        headers,
        agent: false,
        ...(from === undefined ? {} : { localAddress: from }),
      });
      request.on("error", reject);
      request.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: "" });
      });
      request.on("response", (response) => {
        if (statusOnly) {
          request.destroy();
          return resolve({ status: response.statusCode ?? 0, headers: response.headers, text: "" });
        }
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => (text += chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
        response.on("error", reject);
      });
      request.end(body);
    });
  }

  const local = clientOn(agent.socket);
  const remote = (token: string): AgentClient => createAgentClient({ url: agent.url, token: () => token });
  return {
    agent,
    configDirectory,
    said,
    logged,
    adapters,
    ask,
    local,
    remote,
    scoped: async (scope) =>
      remote((await local.tokens.create({ name: `t-${randomBytes(4).toString("hex")}`, scope })).token),
    async [Symbol.asyncDispose]() {
      await agent.close();
      directory[Symbol.dispose]();
    },
  };
}

/** A client on a local socket, so an administrator; with a prefix, of a worker behind that agent. */
export function clientOn(socketPath: string, prefix = ""): AgentClient {
  return createAgentClient({ url: `http://localhost${prefix}`, fetch: (request) => overSocket(socketPath, request) });
}

/** `fetch` has no way to a unix socket. */
async function overSocket(socketPath: string, request: Request): Promise<Response> {
  const body = await request.text();
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      {
        socketPath,
        path: new URL(request.url).pathname,
        method: request.method,
        headers: Object.fromEntries(request.headers),
        agent: false,
      },
      (incoming) => {
        const stream = new ReadableStream<Uint8Array>({
          start(controller) {
            incoming.on("data", (chunk: Buffer) => controller.enqueue(chunk));
            incoming.on("end", () => controller.close());
            incoming.on("error", (error) => controller.error(error));
          },
          cancel: () => void outgoing.destroy(),
        });
        const headers = Object.entries(incoming.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        );
        resolve(new Response(stream, { status: incoming.statusCode ?? 500, headers }));
      },
    );
    request.signal.addEventListener("abort", () => outgoing.destroy());
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
