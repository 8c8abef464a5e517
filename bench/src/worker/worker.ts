import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentClient, createAgentClient } from "@ws/rpc-contract/client";
import type { WorkspaceInfo } from "@ws/rpc-contract";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { socketFetch } from "./socket-fetch.ts";
import { removeTraces } from "./traces.ts";

/** An agent of our own, with a state that nobody else has. */
export interface Worker extends AsyncDisposable {
  configDirectory: string;
  readonly agent: AgentProcess;
  /** `http://127.0.0.1:PORT`, as a browser reaches it; another one after a restart. */
  readonly url: string;
  readonly token: string;
  /** Over TCP with a token, as a browser or a script calls. */
  readonly client: AgentClient;
  create: (name: string) => Promise<WorkspaceInfo>;
  remove: (name: string) => Promise<void>;
  /** Stops the agent, changes its state, and starts it again. */
  restart: (change: () => void) => Promise<void>;
}

export interface WorkerOptions {
  environment?: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** Starts an agent on a fresh directory. Disposing removes every workspace, container, volume, network and file it made. */
export async function startWorker({ environment = {}, signal }: WorkerOptions): Promise<Worker> {
  await using undo = new AsyncDisposableStack();
  const configDirectory = await mkdtemp(join(tmpdir(), "ws-bench-"));
  undo.defer(() => rm(configDirectory, { recursive: true, force: true }));
  undo.defer(() => removeTraces(configDirectory));
  let agent = await startAgentProcess({ configDirectory, environment, signal });
  undo.defer(() => agent.stop());
  let { url, token } = await signIn(agent);
  let client = createAgentClient({ url, token: () => token });
  const opened = undo.move();
  return {
    configDirectory,
    get agent() {
      return agent;
    },
    get url() {
      return url;
    },
    get token() {
      return token;
    },
    get client() {
      return client;
    },
    create: (name) => client.workspaces.create({ name }, { signal }),
    async remove(name) {
      await client.workspaces.delete({ name }, { signal });
    },
    async restart(change) {
      await agent.stop();
      change();
      agent = await startAgentProcess({ configDirectory, environment, signal });
      ({ url, token } = await signIn(agent));
      client = createAgentClient({ url, token: () => token });
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** The address is in the one-time link; the token is one that a script would use. */
async function signIn({ socketPath }: AgentProcess): Promise<{ url: string; token: string }> {
  const local = createAgentClient({ url: "http://localhost", fetch: socketFetch(socketPath) });
  const [link, { token }] = await Promise.all([
    local.auth.link(),
    local.tokens.create({ name: "bench", scope: "admin", ttlSeconds: 3_600 }),
  ]);
  return { url: new URL(link.url).origin, token };
}
