import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { createAgentClient, type AgentClient } from "@ws/rpc-contract/client";

const repositoryLauncher = fileURLToPath(new URL("../../ws", import.meta.url));

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** An agent as a person runs it: a process of its own over a configuration directory of its own. */
export interface AgentProcess extends AsyncDisposable {
  readonly configDirectory: string;
  /** What tells this worker's containers from others on the engine. */
  readonly instance: string;
  /** `http://127.0.0.1:PORT`, of the present process. */
  readonly url: string;
  /** Of the present process. */
  readonly pid: number;
  /** With an admin token, over TCP. */
  readonly client: AgentClient;
  readonly token: string;
  /** Everything the agent has printed, over all its lives. */
  output(): string;
  /** Runs the command line beside the agent. */
  ws(
    args: readonly string[],
    options?: { stdin?: string; env?: Record<string, string>; endsAfterMs?: number },
  ): Promise<CommandResult>;
  /** Ends the process as a crash does; workspaces stay. */
  kill(): Promise<void>;
  /** Ends it as an operator does. */
  stop(): Promise<void>;
  /** Starts it again over the same state, on the port it had; resolves when records and engine agree. */
  start(env?: Record<string, string>): Promise<void>;
}

export async function startAgentProcess(
  options: {
    env?: Record<string, string>;
    config?: Record<string, unknown>;
    /** Another `ws` than the one built here. */
    command?: string;
    /** Words before the agent's own, such as those of `unshare`; the process they make must become the agent. */
    under?: readonly string[];
  } = {},
): Promise<AgentProcess> {
  const { command: launcher = repositoryLauncher, under = [] } = options;
  const configDirectory = await mkdtemp(join(tmpdir(), "ws-e2e-"));
  if (options.config !== undefined) {
    await writeFile(join(configDirectory, "config.json"), JSON.stringify(options.config), { mode: 0o600 });
  }
  const base = { ...process.env, ...options.env, WS_CONFIG_DIR: configDirectory };
  let child: ChildProcess | undefined;
  let printed = "";
  let port = "0";
  let url = "";
  let token = "";

  function ws(args: readonly string[], run: Parameters<AgentProcess["ws"]>[1] = {}): Promise<CommandResult> {
    return new Promise((resolve) => {
      const command = execFile(
        launcher,
        [...args],
        {
          env: { ...base, ...run.env },
          maxBuffer: 64 * 1024 * 1024,
          timeout: run.endsAfterMs ?? 0,
          killSignal: "SIGKILL",
        },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
        },
      );
      command.stdin?.on("error", () => undefined);
      command.stdin?.end(run.stdin ?? "");
    });
  }

  async function start(env: Record<string, string> = {}): Promise<void> {
    const [program, ...words] = [...under, launcher, "agent", "run"];
    const mine = spawn(program, words, {
      env: { ...base, WS_PORT: port, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child = mine;
    for (const stream of [mine.stdout, mine.stderr]) {
      createInterface({ input: stream }).on("line", (line) => (printed += `${line}\n`));
    }
    url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: mine.stdout }).on("line", (line) => {
        const found = /running at (http:\S+)/.exec(line)?.[1];
        if (found !== undefined) resolve(found);
      });
      mine.once("exit", (code) => reject(new Error(`the agent ended with ${code}:\n${printed}`)));
    });
    port = new URL(url).port;
    token ||= (await ws(["token", "create", "e2e", "--scope", "admin"])).stdout.trim();
    // The first call that needs records is answered once they agree with the engine.
    await agent.client.workspaces.list();
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  const agent: AgentProcess = {
    configDirectory,
    get instance() {
      return readInstance(configDirectory);
    },
    get url() {
      return url;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    get client() {
      return createAgentClient({ url, token: () => token });
    },
    get token() {
      return token;
    },
    output: () => printed,
    ws,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    start,
    async [Symbol.asyncDispose]() {
      const names = await ws(["list", "--json"], { endsAfterMs: REMOVAL_MS }).then(
        ({ stdout }) => (JSON.parse(stdout || "[]") as { name: string }[]).map(({ name }) => name),
        () => [],
      );
      const removal = [...names, "--yes", "--force"];
      const removed = names.length === 0 ? undefined : await ws(["delete", ...removal], { endsAfterMs: REMOVAL_MS });
      const instance = readInstance(configDirectory);
      // What it holds is told before it is let go; what is left of it goes either way.
      const held = removed?.code === -1 ? await whatHeld(agent, names) : undefined;
      await end("SIGTERM");
      await removeLeftovers(instance);
      await rm(configDirectory, { recursive: true, force: true });
      if (held !== undefined) throw new Error(held);
    },
  };
  try {
    await start();
  } catch (error) {
    await end("SIGKILL");
    await rm(configDirectory, { recursive: true, force: true });
    throw error;
  }
  return agent;
}

/** Far longer than a removal takes on a busy machine, and well below the time that a hook has. */
const REMOVAL_MS = 120_000;

/** What there is to see of an agent that did not remove its workspaces in time. */
async function whatHeld(agent: AgentProcess, names: readonly string[]): Promise<string> {
  const holdings = await engineHoldings(agent.instance).catch((error: unknown) => String(error));
  const said = (await readAgentLog(agent)).trimEnd().split("\n").slice(-20);
  return [
    `'ws delete' of ${names.join(", ")} did not end within ${REMOVAL_MS / 1_000} s. The engine holds ${JSON.stringify(holdings)}. The agent said last:`,
    ...said,
  ].join("\n");
}

/** What the engine holds of one worker: ids of containers, names of volumes and networks. */
export async function engineHoldings(instance: string): Promise<{
  containers: string[];
  volumes: string[];
  networks: string[];
}> {
  const filter = ["--filter", `label=ws.instance=${instance}`];
  const [containers, volumes, networks] = await Promise.all([
    docker("ps", "-aq", "--no-trunc", ...filter),
    docker("volume", "ls", "-q", ...filter),
    docker("network", "ls", "-q", ...filter),
  ]);
  return { containers, volumes, networks };
}

/** Runs the engine's own client and returns its lines. */
export function docker(...args: string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile("docker", args, { timeout: REMOVAL_MS }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.split("\n").filter((line) => line !== ""));
      else reject(new Error(stderr || error.message, { cause: error }));
    });
  });
}

/** A test that failed half-way must not leave its containers to the next. */
async function removeLeftovers(instance: string): Promise<void> {
  const { containers, volumes, networks } = await engineHoldings(instance).catch(() => ({
    containers: [],
    volumes: [],
    networks: [],
  }));
  if (containers.length > 0) await docker("rm", "-f", ...containers);
  if (volumes.length > 0) await docker("volume", "rm", "-f", ...volumes);
  for (const network of networks) await docker("network", "rm", network);
}

function readInstance(configDirectory: string): string {
  using state = new DatabaseSync(join(configDirectory, "state.db"), { readOnly: true });
  return String(state.prepare("SELECT value FROM meta WHERE key = 'instance'").get()?.["value"]);
}

export async function readAgentLog(agent: AgentProcess): Promise<string> {
  return readFile(join(agent.configDirectory, "agent.log"), "utf8");
}
