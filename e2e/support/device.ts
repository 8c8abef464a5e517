import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AgentProcess, CommandResult } from "./agent-process.ts";

const launcher = fileURLToPath(new URL("../../ws", import.meta.url));

/** Another device of the worker's user: a command line with a directory of its own. */
export interface Device extends AsyncDisposable {
  /** The surroundings of its commands. */
  readonly env: NodeJS.ProcessEnv;
  ws(...args: string[]): Promise<CommandResult>;
  /** What stands in its `client.json`. */
  kept(): Promise<string>;
}

/** `within` are words before each command, such as those that run it on another machine. */
export async function createDevice(within: readonly string[] = []): Promise<Device> {
  const directory = await mkdtemp(join(tmpdir(), "ws-device-"));
  const { WS_WORKER: _worker, WS_TOKEN: _token, ...own } = process.env;
  const env = { ...own, WS_CONFIG_DIR: directory };
  return {
    env,
    ws: (...args) =>
      new Promise((resolve) => {
        const [program = launcher, ...words] = [...within, launcher, ...args];
        const command = execFile(program, words, { env }, (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr });
        });
        command.stdin?.end();
      }),
    kept: () => readFile(join(directory, "client.json"), "utf8"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Opens a pairing beside the agent, as a person does. Rejects where it ends before it has a code. */
export async function openPairing(agent: AgentProcess): Promise<{ code: string; ended: Promise<number> }> {
  const command = spawn(launcher, ["pair", "--json"], {
    env: { ...process.env, WS_CONFIG_DIR: agent.configDirectory },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(command, "exit").then(([code]) => code as number);
  const lines = createInterface({ input: command.stdout });
  const first = await Promise.race([once(lines, "line"), ended]);
  if (!Array.isArray(first)) throw new Error(`'ws pair' ended with ${first}.`);
  const { code } = JSON.parse(String(first[0])) as { code: string };
  return { code, ended };
}
