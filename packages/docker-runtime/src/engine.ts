import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { inspect } from "node:util";

import { abortedError, type Clock, type WsError } from "@ws/workspace-core";
import Docker from "dockerode";

import { describeAddress, type EngineAddress } from "./engine-address.ts";
import { engineError, engineLost, engineMessage, statusCodeOf } from "./engine-errors.ts";
import { createLiveness } from "./liveness.ts";

/** A refusal that the caller said it can deal with. */
export interface Refusal {
  status: number;
  message: string;
}

/**
 * The connection to one Docker engine. Every request gets its own socket, so that it can be cancelled and cannot
 * hang: it ends with `aborted`, or with `engine_lost` when its socket closes or the engine stops answering pings.
 */
export interface Engine {
  readonly address: string;
  /** One request and its whole answer. Refusals are thrown as domain errors. */
  call<T>(request: (docker: Docker) => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The same, with the named HTTP statuses returned instead of thrown. */
  attempt<T>(
    statuses: readonly number[],
    request: (docker: Docker) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<{ value: T; refused?: never } | { value?: never; refused: Refusal }>;
  /** A body read as it arrives; guarded until it ends. Leaving the loop closes the connection. */
  stream(request: (docker: Docker) => Promise<NodeJS.ReadableStream>, signal?: AbortSignal): AsyncIterable<Buffer>;
  /** The unguarded client, for connections that watch over themselves. */
  readonly docker: Docker;
}

export function createEngine(options: { address: EngineAddress; clock: Clock }): Engine {
  const { clock } = options;
  const address = describeAddress(options.address);
  const docker = new Docker(clientOptions(options.address));
  const secure = "tls" in options.address && options.address.tls !== undefined;

  const liveness = createLiveness({
    clock,
    ping: async (signal) => {
      using socket = openLine(signal);
      await socket.settle(socket.docker.ping());
    },
  });

  /** A client whose one socket is closed by `signal` and by dispose. */
  function openLine(
    signal: AbortSignal,
  ): Disposable & { docker: Docker; settle<T>(work: Promise<T>): Promise<T>; fail: (error: WsError) => void } {
    const agent = secure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
    const done = new AbortController();
    const failure = Promise.withResolvers<never>();
    failure.promise.catch(() => undefined);
    const fail = (error: WsError): void => {
      failure.reject(error);
      // Requests that are still connecting are not in the agent's list before the next turn.
      agent.destroy();
      setImmediate(() => agent.destroy());
    };
    const abort = (): void => fail(abortedError(signal.reason));
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });

    // The client library describes every request for its debug log, logged or not: all of the agent, down to its sockets.
    Object.assign(agent, { [inspect.custom]: () => "Agent" });
    const connect = agent.createConnection.bind(agent);
    agent.createConnection = (connection, callback) => {
      const socket = connect(connection, callback);
      // A client that waits for the rest of an answer is not told that the connection went away.
      socket?.once("close", () => {
        clock.sleep(CLOSED_GRACE_MS, done.signal).then(
          () => fail(engineLost(address)),
          () => undefined,
        );
      });
      return socket;
    };
    const modem = Object.assign(Object.create(docker.modem as object) as object, { agent });
    return {
      docker: Object.assign(Object.create(docker) as Docker, { modem }),
      settle: (work) => {
        work.catch(() => undefined);
        return Promise.race([work, failure.promise]);
      },
      fail,
      [Symbol.dispose]() {
        done.abort();
        signal.removeEventListener("abort", abort);
      },
    };
  }

  async function guarded<T>(request: (docker: Docker) => Promise<T>, signal: AbortSignal): Promise<T> {
    using line = openLine(signal);
    using _ = liveness.watch((cause) => line.fail(engineLost(address, cause)));
    return await line.settle(request(line.docker));
  }

  return {
    address,
    docker,
    async call(request, signal = NEVER) {
      try {
        return await guarded(request, signal);
      } catch (error) {
        throw engineError(error, address);
      }
    },
    async attempt(statuses, request, signal = NEVER) {
      try {
        return { value: await guarded(request, signal) };
      } catch (error) {
        const status = statusCodeOf(error);
        if (status === undefined || !statuses.includes(status)) throw engineError(error, address);
        return { refused: { status, message: engineMessage(error) } };
      }
    },
    async *stream(request, signal = NEVER) {
      using line = openLine(signal);
      let body: Readable | undefined;
      let silence: WsError | undefined;
      const end = (error: WsError): void => {
        silence ??= error;
        line.fail(error);
        body?.destroy(error);
      };
      using _ = liveness.watch((cause) => end(engineLost(address, cause)));
      const abort = (): void => end(abortedError(signal.reason));
      signal.addEventListener("abort", abort, { once: true });
      try {
        body = (await line.settle(request(line.docker))) as Readable;
        for await (const chunk of body) yield chunk as Buffer;
        if (silence !== undefined) throw silence;
      } catch (error) {
        throw silence ?? engineError(error, address);
      } finally {
        signal.removeEventListener("abort", abort);
        body?.destroy();
      }
    },
  };
}

/** How long an answer that has fully arrived may take to reach the caller after its socket closed. */
const CLOSED_GRACE_MS = 250;
const NEVER = new AbortController().signal;

/** Complete, so that nothing of the process's own DOCKER_ variables is mixed in by the client library. */
function clientOptions(address: EngineAddress): Docker.DockerOptions {
  const none = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined, timeout: undefined };
  if ("socketPath" in address) return { ...none, protocol: "http", socketPath: address.socketPath };
  const { host, port, tls } = address;
  return {
    ...none,
    host,
    port,
    protocol: tls === undefined ? "http" : "https",
    pathPrefix: "/",
    ...tls,
  } as Docker.DockerOptions;
}
