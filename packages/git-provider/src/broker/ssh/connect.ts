import type { LookupAddress } from "node:dns";
import { connect } from "node:net";
import type { SshKeySecret } from "@ws/workspace-core";
import type { AuthHandlerMiddleware, Client, ServerHostKeyAlgorithm } from "ssh2";
import { formatAuthority } from "../../hosts.ts";
import type { Network } from "../forge/network.ts";
import { credentialRefused, unreachable } from "../forge/refusals.ts";
import { pinned } from "../forge/upstream.ts";
import { fingerprintOf, hostKeys, kindOf } from "./host-keys.ts";
import type { SshPlace } from "../protocol/ssh-place.ts";
import { untrusted } from "./untrusted.ts";

export interface SshConnection extends Disposable {
  readonly client: Client;
  /** Whether it is gone, whoever ended it. */
  readonly isOver: boolean;
}

const KEEPALIVE_MS = 15_000;
const KEEPALIVE_COUNT = 3;

/** Logs in with the key and nothing else, at a host whose own key is known. Throws `RouteRefused`. */
export async function connectSsh(options: {
  place: SshPlace;
  addresses: readonly LookupAddress[];
  secret: SshKeySecret;
  network: Pick<Network, "knownHosts" | "timeouts">;
  signal: AbortSignal;
}): Promise<SshConnection> {
  const { place, addresses, secret, network, signal } = options;
  const { authority, user } = place;
  const host = formatAuthority(authority);
  const known = hostKeys(authority, { given: secret.hostKeys, knownHosts: await network.knownHosts() });
  // It takes a while to load, and most workers never need it.
  const { default: ssh2 } = await import("ssh2");
  signal.throwIfAborted();
  const client = new ssh2.Client();
  // The library itself would try one address only, which may be of a network that the worker is not on.
  // And without noDelay its small packets would wait for one another's acknowledgement, 40 ms each time.
  const sock = connect({ host: authority.host, port: authority.port ?? 22, lookup: pinned(addresses), noDelay: true });
  sock.on("error", () => undefined);
  let isOver = false;
  let refusal: Error | undefined;
  const ready = Promise.withResolvers<void>();
  client.on("ready", ready.resolve);
  client.on("error", (error) => ready.reject(refusal ?? explain(error, { host, credential: secret.id })));
  client.on("close", () => {
    isOver = true;
    ready.reject(refusal ?? unreachable(host, Object.assign(new Error("cut"), { code: "ECONNRESET" })));
  });
  const end = (): void => {
    isOver = true;
    client.destroy();
    sock.destroy();
  };
  const abort = (): void => {
    ready.reject(signal.reason as Error);
    end();
  };
  signal.addEventListener("abort", abort);
  try {
    client.connect({
      sock,
      username: user,
      authHandler: onlyThisKey(user, secret.privateKey),
      hostVerifier(key: Buffer) {
        const verdict = known.judge(key);
        if (verdict === "known") return true;
        const told = { host, kind: kindOf(key), fingerprint: fingerprintOf(key), credential: secret.id };
        refusal = untrusted({ ...told, changed: verdict === "changed" });
        return false;
      },
      algorithms: { serverHostKey: asked(known.kinds) },
      readyTimeout: network.timeouts.connectMs,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
    });
    await ready.promise;
  } catch (error) {
    end();
    throw error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
  return {
    client,
    get isOver() {
      return isOver;
    },
    [Symbol.dispose]: end,
  };
}

/** The library would otherwise try to get in without any, too. */
function onlyThisKey(username: string, key: string): AuthHandlerMiddleware {
  let tried = false;
  return (_left, _partial, next) => {
    const answer = tried ? false : { type: "publickey", username, key };
    tried = true;
    // The library's declarations have only the name of a method here, its documentation also the method itself.
    (next as (answer: unknown) => void)(answer);
  };
}

const KINDS: readonly ServerHostKeyAlgorithm[] = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
];

/** A host has keys of several kinds and shows the first of these: those first that can be compared. */
function asked(kinds: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean => kinds.includes(algorithm.replace(/^rsa-sha2-.*/, "ssh-rsa"));
  return [...KINDS.filter(isKnown), ...KINDS.filter((algorithm) => !isKnown(algorithm))];
}

function explain(error: Error & { level?: string }, { host, credential }: { host: string; credential: string }): Error {
  if (error.level === "client-authentication") return credentialRefused(credential, host);
  const timedOut = error.level === "client-timeout" || /timed out/i.test(error.message);
  return unreachable(host, timedOut ? Object.assign(error, { code: "ETIMEDOUT" }) : error);
}
