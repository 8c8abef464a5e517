import { existsSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { DoctorCheck } from "@ws/rpc-contract";
import { checkStart } from "../service/check-start.ts";
import { checkIntegrity } from "../store/database.ts";
import { createDisk } from "../system/disk.ts";
import { examine } from "./examine.ts";
import { fine, type Finding } from "./finding.ts";
import { checkDisk, checkInotify, checkPermissions, checkState } from "./machine-checks.ts";
import { checkService, servicePlaces } from "./service-check.ts";

/** What of a worker can be looked at while no agent answers: among it is what keeps one from starting. Changes nothing. */
export function runWithoutAgent(
  configDir: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<DoctorCheck[]> {
  return examine([
    ["runtime", "Runtime", () => checkEngine(env)],
    ["disk", "Disk", () => checkDisk(createDisk(() => [configDir]))],
    ["settings", "Settings", () => checkStartable(configDir)],
    ["state", "State", () => checkStateIn(join(configDir, "state.db"))],
    ["permissions", "Permissions", () => (existsSync(configDir) ? checkPermissions(configDir) : undefined)],
    ["service", "Service", () => checkService(servicePlaces(env), configDir)],
    ["inotify", "File watching", () => checkInotify()],
  ]);
}

/** Throws what would be thrown at a start: settings that cannot be read, or a state that a newer version wrote. */
function checkStartable(configDir: string): Finding {
  checkStart(configDir);
  return fine("An agent could start with what is kept here.");
}

function checkStateIn(path: string): Finding | undefined {
  if (!existsSync(path)) return undefined;
  using db = new DatabaseSync(path, { readOnly: true });
  return checkState(checkIntegrity(db, "quick"));
}

const ANSWER_MS = 3_000;

/** One behind TLS is left to the agent, which has what it is dialled with. */
async function checkEngine(env: Readonly<Record<string, string | undefined>>): Promise<Finding | undefined> {
  const { engineAddress } = await import("@ws/docker-runtime");
  const address = engineAddress(env, (path) => readFileSync(path, "utf8"));
  const where = "socketPath" in address ? address.socketPath : `${address.host}:${address.port}`;
  if ("tls" in address) return undefined;
  const problem = await new Promise<string | undefined>((resolve) => {
    const asked = request(
      { ...address, path: "/_ping", agent: false, signal: AbortSignal.timeout(ANSWER_MS) },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? undefined : `it says ${answer.statusCode}`);
      },
    );
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
  if (problem === undefined) return fine(`A Docker engine answers at ${where}.`);
  return {
    status: "warn",
    message: `No Docker engine answers at ${where} (${problem}).`,
    next: "Where workspaces are containers, start it: systemctl start docker.",
  };
}
