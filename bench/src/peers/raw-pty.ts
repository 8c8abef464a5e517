import { startPortServer } from "./port-server.ts";

export interface RawPty extends AsyncDisposable {
  url: string;
}

/** A process that serves this program on a pseudo-terminal of this machine. */
export async function startRawPty(argv: readonly string[], signal: AbortSignal): Promise<RawPty> {
  const server = await startPortServer(new URL("raw-pty-server.ts", import.meta.url), argv, signal);
  return { ...server, url: `ws://127.0.0.1:${server.port}` };
}
