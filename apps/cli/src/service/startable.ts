import { existsSync } from "node:fs";
import { CliError } from "../errors.ts";
import { told } from "../own-worker.ts";
import type { Machine } from "./machine.ts";
import type { Service } from "./service.ts";

/** Whether this program could go on with what is kept there. Throws what would keep it from that. */
export async function checkStart(directory: string): Promise<void> {
  const agent = await import("@ws/agent/service");
  await told(() => agent.checkStart(directory));
}

/** Asks the program that would be started, which may be another than this one. */
export async function requireStartable({ run, program, uid }: Machine, service: Service): Promise<void> {
  const { directory } = service;
  const { node, words } = service.program;
  const missing = [node, words.at(-1) ?? ""].find((path) => !existsSync(path));
  if (missing !== undefined) {
    throw new CliError(
      "service_program",
      `The service would be started from ${missing}, which is not there any more.`,
      {
        next: "Install it from where ws is now: ws agent install. The agent goes on as it was.",
      },
    );
  }
  if (words.at(-1) === program.main) return checkStart(directory);
  const check = [`WS_CONFIG_DIR=${directory}`, node, ...words, "agent", "check", "--json"];
  // Root runs nothing that somebody else could have changed.
  const { code, stderr } =
    uid === 0 && service.user !== undefined
      ? await run("runuser", ["-u", service.user, "--", "env", ...check])
      : await run("env", check);
  if (code !== 0) throw refusalIn(stderr);
}

function refusalIn(stderr: string): CliError {
  try {
    const { error } = JSON.parse(stderr) as { error: { code: string; message: string; next?: string } };
    return new CliError(error.code, error.message, error.next === undefined ? {} : { next: error.next });
  } catch {
    return new CliError("restart_failed", `The program of the service does not start: ${stderr.trim().slice(0, 300)}`, {
      next: "Install it from a ws that works: ws agent install. The agent goes on as it was.",
    });
  }
}
