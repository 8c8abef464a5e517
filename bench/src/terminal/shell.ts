import type { IdleWorkspace } from "../worker/workers.ts";
import type { Shell } from "./print.ts";
import { attach } from "./terminal-client.ts";

/** The login shell of a workspace in a terminal of its own. */
export async function openShell(
  { worker, name }: IdleWorkspace,
  terminal: string,
  signal: AbortSignal,
): Promise<Shell & Disposable> {
  const client = await attach(worker, name, { terminal, signal });
  return {
    write: client.write,
    onOutput: client.onBytes,
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}
