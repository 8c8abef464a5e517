import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";

/** A socket in front of the machine's engine, through which a test takes the engine away from one agent. */
export interface EngineProxy extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly address: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /**
   * Stops the next request that begins like this: before the engine hears of it, or once the engine has answered and
   * nobody has heard the answer. Resolves when that is so; its connection never goes on.
   */
  hold(request: RegExp, when: "asked" | "answered"): Promise<void>;
  /** Answers each request that begins like this in the engine's place, from now on. */
  answer(request: RegExp, body: unknown): void;
}

interface Held {
  request: RegExp;
  when: "asked" | "answered";
  reached: () => void;
}

export async function startEngineProxy(): Promise<EngineProxy> {
  const directory = await mkdtemp(join(tmpdir(), "ws-e2e-engine-"));
  const path = join(directory, "engine.sock");
  const engine = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
  const sockets = new Set<Socket>();
  let held: Held | undefined;
  const answers = new Map<string, { request: RegExp; body: unknown }>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = createConnection({ path: engine, allowHalfOpen: true });
    let answer: Held | undefined;
    const up = passing((chunk) => {
      const own = [...answers.values()].find(({ request }) => request.test(chunk.toString("latin1", 0, 200)));
      if (own !== undefined) {
        client.end(asAnswer(own.body));
        return { ...own, when: "asked", reached: () => undefined };
      }
      if (held?.request.test(chunk.toString("latin1", 0, 200)) !== true) return undefined;
      const found = held;
      held = undefined;
      if (found.when === "asked") return found;
      answer = found;
      return undefined;
    });
    const down = passing(() => answer);
    for (const [one, through, other] of [
      [client, up, upstream],
      [upstream, down, client],
    ] as const) {
      sockets.add(one);
      one.pipe(through).pipe(other);
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
    hold(request, when) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = { request, when, reached: resolve };
      return promise;
    },
    answer: (request, body) => void answers.set(String(request), { request, body }),
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Whoever asks has a connection for each request. */
function asAnswer(body: unknown): string {
  const text = JSON.stringify(body);
  const head = ["HTTP/1.1 200 OK", "Content-Type: application/json", `Content-Length: ${Buffer.byteLength(text)}`];
  return `${[...head, "Connection: close"].join("\r\n")}\r\n\r\n${text}`;
}

/** Lets everything through up to what is to be held, and nothing after that. */
function passing(heldAt: (chunk: Buffer) => Held | undefined): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const found = heldAt(chunk);
      if (found === undefined) return done(null, chunk);
      found.reached();
      return undefined;
    },
  });
}
