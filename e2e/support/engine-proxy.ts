import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A socket in front of the machine's engine, through which a test takes the engine away from one agent. */
export interface EngineProxy extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly address: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

export async function startEngineProxy(): Promise<EngineProxy> {
  const directory = await mkdtemp(join(tmpdir(), "ws-e2e-engine-"));
  const path = join(directory, "engine.sock");
  const engine = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = createConnection({ path: engine, allowHalfOpen: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroySoon();
      });
    }
  });

  async function restore(): Promise<void> {
    if (!server.listening) await new Promise<void>((resolve) => server.listen(path, resolve));
  }
  async function cut(): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  await restore();
  return {
    address: `unix://${path}`,
    cut,
    restore,
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
