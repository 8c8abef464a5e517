import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { configDirectory, socketPath } from "@ws/agent/paths";
import { clientConfigPath } from "./client-config-path.ts";
import { CliError, EXIT } from "./errors.ts";
import { given } from "./given.ts";
import type { Io } from "./io.ts";
import type { Worker } from "./known-workers.ts";
import { isWorkerName } from "./worker-name.ts";

/**
 * Where the agent is: the socket of this machine's, or another's address with a token. `on` names a worker behind it, which is
 * the one that is meant then.
 */
export type Target = ({ kind: "socket"; path: string } | ({ kind: "http" } & ReachedBy)) & {
  on?: string;
};

type ReachedBy = Pick<Worker, "url" | "token" | "pin" | "clientCert" | "clientKey">;

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

/** Whether this device knows no worker, and is none itself: no agent has ever kept anything here. */
export function knowsNoWorker(target: Target, env: Io["env"]): boolean {
  return target.kind === "socket" && isAbsent(target.path) && isAbsent(join(configDirectory(env), "state.db"));
}

/** What may not be looked at is there, and another user's. */
function isAbsent(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}

async function findAgent(env: Io["env"]): Promise<Target> {
  // Most devices have no such file, and what reads it costs a command more than all the rest of its start.
  const isSaid = env["WS_WORKER"] !== undefined || existsSync(clientConfigPath(env));
  const worker = isSaid ? (await import("./known-workers.ts")).workersOf(env).current : undefined;
  return worker === undefined ? { kind: "socket", path: socketPath(configDirectory(env)) } : targetOf(worker);
}

/** One that this device knows. */
export function targetOf({ url, token, pin, clientCert, clientKey }: Worker): Target {
  return { kind: "http", url, ...given({ token, pin, clientCert, clientKey }) };
}
