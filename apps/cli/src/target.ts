import { existsSync } from "node:fs";
import { configDirectory, socketPath } from "@ws/agent/paths";
import { clientConfigPath } from "./client-config-path.ts";
import { CliError, EXIT } from "./errors.ts";
import type { Io } from "./io.ts";
import { isWorkerName } from "./worker-name.ts";

/**
 * Where the agent is: the socket of this machine's, or another's address with a token. `on` names a worker behind it, which is
 * the one that is meant then.
 */
export type Target = ({ kind: "socket"; path: string } | { kind: "http"; url: string; token?: string }) & {
  on?: string;
};

/** `WS_WORKER` and `WS_TOKEN`, else `client.json`, else the agent of this machine; behind it the worker that is named, else `WS_ON`. */
export async function findTarget(env: Io["env"], named?: string): Promise<Target> {
  const on = named ?? env["WS_ON"] ?? "";
  if (on === "") return findAgent(env);
  if (!isWorkerName(on)) {
    throw new CliError("usage", `'${on}' is not a worker's name.`, {
      next: "See them: ws worker list.",
      exit: EXIT.usage,
    });
  }
  return { ...(await findAgent(env)), on };
}

/** What the paths of a target begin with. */
export function prefixOf({ on }: Pick<Target, "on">): string {
  return on === undefined ? "" : `/on/${encodeURIComponent(on)}`;
}

async function findAgent(env: Io["env"]): Promise<Target> {
  // Most devices have no such file, and what reads it costs a command more than all the rest of its start.
  const config = existsSync(clientConfigPath(env)) ? (await import("./client-config.ts")).readClientConfig(env) : {};
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
