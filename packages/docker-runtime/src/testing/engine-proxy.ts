import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { address } from "./subject.ts";

/** A socket in front of the real engine, through which a test can take the engine away. */
export interface EngineProxy extends AsyncDisposable {
  readonly socketPath: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Keeps every connection, takes new ones, and passes nothing on any more. */
  silence(): void;
  /** Ends each connection as soon as the engine has answered this many bytes on it. */
  cutAfter(bytes: number): void;
  /** Resolves when a request with this text in it arrives, which is then already on its way. */
  asked(text: string): Promise<void>;
  restore(): Promise<void>;
}

export async function createEngineProxy(): Promise<EngineProxy> {
  const directory = await mkdtemp(join(tmpdir(), "ws-engine-"));
  const socketPath = join(directory, "engine.sock");
  const pairs = new Set<{ client: Socket; engine: Socket }>();
  let silent = false;
  let limit = Infinity;
  let awaited = { text: "", arrive: (): void => undefined };

  // The end of a program's input is the end of one direction only.
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = "socketPath" in address ? { path: address.socketPath } : address;
    const engine = createConnection({ ...target, allowHalfOpen: true });
    const pair = { client, engine };
    pairs.add(pair);
    let answered = 0;
    client.on("data", (chunk: Buffer) => {
      if (!silent) engine.write(chunk);
      if (awaited.text !== "" && chunk.includes(awaited.text)) awaited.arrive();
    });
    engine.on("data", (chunk: Buffer) => {
      if (silent) return;
      client.write(chunk.subarray(0, limit - answered));
      answered += chunk.length;
      if (answered >= limit) end();
    });
    client.on("end", () => silent || engine.end());
    engine.on("end", () => silent || client.end());
    const end = (): void => {
      if (silent) return;
      pairs.delete(pair);
      client.destroySoon();
      engine.destroySoon();
    };
    for (const socket of [client, engine]) socket.on("close", end).on("error", end);
  });
  const listen = (): Promise<void> => new Promise((resolve) => server.listen(socketPath, resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const { client, engine } of pairs) {
      client.destroy();
      engine.destroy();
    }
    pairs.clear();
    await closed;
  };
  await listen();

  return {
    socketPath,
    cut: close,
    silence() {
      silent = true;
    },
    cutAfter(bytes) {
      limit = bytes;
    },
    asked(text) {
      const { promise, resolve } = Promise.withResolvers<void>();
      awaited = { text, arrive: resolve };
      return promise;
    },
    async restore() {
      silent = false;
      limit = Infinity;
      if (server.listening) await close();
      await listen();
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await close();
      await rm(directory, { recursive: true });
    },
  };
}
