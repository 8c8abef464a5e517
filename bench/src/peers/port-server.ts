import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { firstLine } from "./first-line.ts";

export interface PortServer extends AsyncDisposable {
  port: string;
}

/** A process of its own for a script, which prints the port that it listens on. */
export async function startPortServer(script: URL, argv: readonly string[], signal: AbortSignal): Promise<PortServer> {
  const child = spawn(process.execPath, [fileURLToPath(script), ...argv], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const port = await firstLine(child.stdout, /^(\d+)$/, signal);
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
