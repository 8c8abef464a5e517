import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { firstLine } from "./first-line.ts";

export interface RawPty extends AsyncDisposable {
  url: string;
}

/** A process that serves this program on a pseudo-terminal of this machine. */
export async function startRawPty(argv: readonly string[], signal: AbortSignal): Promise<RawPty> {
  const script = fileURLToPath(new URL("raw-pty-server.ts", import.meta.url));
  const child = spawn(process.execPath, [script, ...argv], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const port = await firstLine(child.stdout, /^(\d+)$/, signal);
  return {
    url: `ws://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
