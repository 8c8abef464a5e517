import type { Duplex } from "node:stream";

import { type Log, throwIfAborted } from "@ws/workspace-core";
import ssh2 from "ssh2";

import type { BoxContainer } from "./container.ts";
import { demultiplex } from "./demux.ts";
import { createEnding, type Ending } from "./ending.ts";
import { type Identity, readIdentity } from "./identity.ts";
import { generateKeyPair, type KeyPair, publicBlob } from "./keys.ts";
import { asInput, READ_AND_RUN, SSHD_SCRIPT } from "./scripts.ts";

/** One SSH connection over the streams of one `sshd -i`. */
export interface Connection {
  readonly client: ssh2.Client;
  readonly identity: Identity;
  /** Settles with the reason once the connection is gone, whoever ended it. For waiting beside other work there is `ending`. */
  readonly closed: Promise<Error>;
  readonly ending: Ending;
  readonly isClosed: boolean;
  close(): void;
}

/** The container runs, but no SSH server runs in it: its image lacks a part, or forbids one. */
export class SshdUnusableError extends Error {
  override readonly name = "SshdUnusableError";
}

/** Starts sshd in the container and logs in. Throws `SshdUnusableError` with sshd's own words. */
export async function connect(options: {
  container: BoxContainer;
  /** Ours; the host's is made for each connection. */
  keys: KeyPair;
  log: Log;
  signal: AbortSignal;
}): Promise<Connection> {
  const { container, keys, log, signal } = options;
  const hostKeys = generateKeyPair();
  const exec = await container.exec(["/bin/sh", "-c", READ_AND_RUN], { signal });
  let stderr = "";
  const stream = demultiplex(exec.stream, (bytes) => {
    stderr = (stderr + bytes.toString("utf8")).slice(-2_000);
  });
  let endedByItself = false;
  exec.stream.once("end", () => {
    endedByItself = true;
  });
  const abort = (): void => void stream.destroy(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  try {
    stream.write(`${asInput(SSHD_SCRIPT)}${hostKeys.private.trim()}\n.\n${keys.public.trim()}\n.\n`);
    const identity = await readIdentity(stream);
    return await logIn({ stream, identity, privateKey: keys.private, hostKey: publicBlob(hostKeys), log });
  } catch (error) {
    throwIfAborted(signal);
    stream.destroy();
    throw explain(error, stderr, endedByItself);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A black hole is noticed after (count + 1) intervals at most: below five seconds. */
const KEEPALIVE_MS = 1_500;
const KEEPALIVE_COUNT = 2;

function logIn(options: {
  stream: Duplex;
  identity: Identity;
  privateKey: string;
  hostKey: Buffer;
  log: Log;
}): Promise<Connection> {
  const { stream, identity, privateKey, hostKey, log } = options;
  const client = new ssh2.Client();
  const closed = Promise.withResolvers<Error>();
  const ending = createEnding();
  const ready = Promise.withResolvers<Connection>();
  let reason: Error | undefined;

  const connection: Connection = {
    client,
    identity,
    closed: closed.promise,
    ending,
    get isClosed() {
      // A cut shows here first, before the library has ended its channels as if the other side had.
      return ending.isOver || stream.destroyed;
    },
    close() {
      client.end();
      stream.destroy();
    },
  };
  client.on("ready", () => ready.resolve(connection));
  client.on("error", (error) => {
    reason ??= error;
    log.debug("ssh connection failed", { reason: error.message });
    // After an error the client only ends its side, which a lost engine never answers.
    stream.destroy();
  });
  client.on("close", () => {
    const error = reason ?? new Error("the connection ended");
    ending.end();
    closed.resolve(error);
    ready.reject(error);
  });
  client.connect({
    sock: stream,
    username: identity.login,
    // Only this, at once: the library would first ask to be let in without.
    authHandler: logInOnce({ type: "publickey", username: identity.login, key: privateKey }),
    hostVerifier: (presented: Buffer) => presented.equals(hostKey),
    algorithms: { serverHostKey: ["ssh-ed25519"] },
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_COUNT,
    readyTimeout: 10_000,
  });
  signAtOnce(client);
  return ready.promise;
}

function logInOnce(method: ssh2.PublicKeyAuthMethod): ssh2.AuthHandlerMiddleware {
  let tried = false;
  return (_left, _partial, next) => {
    // The library's declarations have only the name of a method here, its documentation also the method itself.
    const answer: ssh2.PublicKeyAuthMethod | false = tried ? false : method;
    tried = true;
    (next as (answer: ssh2.PublicKeyAuthMethod | false) => void)(answer);
  };
}

type AskForKey = (user: string, key: ssh2.ParsedKey, algorithm?: string, sign?: Signer) => void;
type Signer = (data: Buffer, done: (signature: Buffer) => void) => void;

/**
 * The library first asks whether a key would do, and sshd, against guessing, holds every answer that lets nobody in back
 * for some milliseconds: more than all the rest of the log-in takes. Without the library's inner part it stays at that.
 */
function signAtOnce(client: ssh2.Client): void {
  const protocol = (client as unknown as { _protocol?: { authPK?: AskForKey } })._protocol;
  const ask = protocol?.authPK?.bind(protocol);
  if (protocol === undefined || ask === undefined) return;
  const signed = (key: ssh2.ParsedKey): Signer => {
    return (data, done) => done(key.sign(data));
  };
  protocol.authPK = (user, key, algorithm, sign = signed(key)) => ask(user, key, algorithm, sign);
}

/**
 * A server that ended by itself or let nobody in will do so again. A connection that went away says nothing about the
 * image, and neither does a host key that is not the one we gave: falling back then would be what an attacker wants.
 */
function explain(error: unknown, stderr: string, endedByItself: boolean): Error {
  const missing = /^WS_MISSING (.*)$/m.exec(stderr)?.[1];
  if (missing !== undefined) return new SshdUnusableError(`its image has no ${missing}`);
  const message = error instanceof Error ? error.message : String(error);
  const said = stderr.trim();
  const refused = (error as { level?: unknown } | null)?.level === "client-authentication";
  if (refused || (endedByItself && said !== "")) return new SshdUnusableError(said || message, { cause: error });
  return new Error(said === "" ? message : `${message}: ${said}`, { cause: error });
}
