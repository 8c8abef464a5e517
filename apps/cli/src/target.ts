import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { configDirectory, socketPath } from "@ws/agent/paths";
import { CliError, EXIT } from "./errors.ts";
import type { Io } from "./io.ts";

/** Where the agent is: the socket of this machine's, or another's address with a token. */
export type Target = { kind: "socket"; path: string } | { kind: "http"; url: string; token?: string };

/** What `client.json` holds. */
export interface ClientConfig {
  worker?: string;
  token?: string;
}

/** `WS_WORKER` and `WS_TOKEN`, else `client.json`, else the agent of this machine. */
export function findTarget(env: Io["env"]): Target {
  const config = readClientConfig(env);
  const worker = env["WS_WORKER"] ?? config.worker;
  if (worker === undefined) return { kind: "socket", path: socketPath(configDirectory(env)) };
  const token = env["WS_TOKEN"] ?? config.token;
  return { kind: "http", url: workerUrl(worker), ...(token === undefined ? {} : { token }) };
}

/** `host`, `host:port` or an http(s) URL; the port is 7391 where none is given. */
export function workerUrl(worker: string): string {
  const text = worker.includes("://") ? worker : `http://${worker}`;
  if (URL.canParse(text)) {
    const url = new URL(text);
    if (/^https?:$/.test(url.protocol) && url.hostname !== "") {
      // A URL with a scheme says all it means; a bare host means the default port. URL drops the port 80.
      if (!worker.includes("://") && !/:\d+$/.test(worker)) url.port = "7391";
      return url.origin;
    }
  }
  throw new CliError("invalid_worker", `'${worker}' is not a worker's address.`, {
    next: "Use HOST, HOST:PORT or http(s)://HOST:PORT.",
    exit: EXIT.usage,
  });
}

export function clientConfigPath(env: Io["env"]): string {
  return join(configDirectory(env), "client.json");
}

/** Throws `config_invalid`, and leaves the file as it is. */
export function readClientConfig(env: Io["env"]): ClientConfig {
  const path = clientConfigPath(env);
  if (!existsSync(path)) return {};
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ClientConfig;
  } catch (error) {
    throw new CliError("config_invalid", `${path} is not valid JSON: ${(error as Error).message}.`, {
      next: "Correct or remove the file.",
      cause: error,
    });
  }
}
