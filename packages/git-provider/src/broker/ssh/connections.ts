import { createHash } from "node:crypto";
import type { LookupAddress } from "node:dns";
import type { SshKeySecret } from "@ws/workspace-core";
import type { ClientChannel } from "ssh2";
import { formatAuthority } from "../../hosts.ts";
import type { Network } from "../forge/network.ts";
import { unreachable } from "../forge/refusals.ts";
import { connectSsh, type SshConnection } from "./connect.ts";
import type { SshPlace } from "../protocol/ssh-place.ts";

export interface SshConnections extends Disposable {
  /** Starts a command over a connection that stands, or a new one. Throws `RouteRefused`. */
  start(options: {
    place: SshPlace;
    addresses: readonly LookupAddress[];
    secret: SshKeySecret;
    command: string;
    env: Record<string, string>;
    signal: AbortSignal;
  }): Promise<{ channel: ClientChannel; isCut: () => boolean }>;
}

interface Kept {
  name: string;
  connection: SshConnection;
  users: number;
  leaving?: NodeJS.Timeout;
}

/** A fetch is several commands, one soon after the other. */
const KEPT_MS = 5_000;

/** Connections to forges by SSH, kept for a moment for the next command. */
export function createSshConnections(network: Pick<Network, "knownHosts" | "timeouts">): SshConnections {
  /** Those that take another command, as far as is known. */
  const standing = new Map<string, Kept>();
  /** Also those beside them: two commands may begin at once. */
  const all = new Set<Kept>();

  function leave(kept: Kept): void {
    kept.users -= 1;
    if (kept.users > 0) return;
    kept.leaving = setTimeout(() => end(kept), KEPT_MS).unref();
  }

  function end(kept: Kept): void {
    clearTimeout(kept.leaving);
    retire(kept);
    all.delete(kept);
    kept.connection[Symbol.dispose]();
  }

  function retire(kept: Kept): void {
    if (standing.get(kept.name) === kept) standing.delete(kept.name);
  }

  function open(
    { client }: SshConnection,
    { command, env, signal }: { command: string; env: Record<string, string>; signal: AbortSignal },
  ): Promise<ClientChannel> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>();
    // Of a connection that ends meanwhile nobody is called back.
    const cut = (): void => reject(Object.assign(new Error("cut"), { code: "ECONNRESET" }));
    // Nor where the server never says whether it takes the command.
    const abort = (): void => reject(signal.reason as Error);
    client.once("close", cut);
    signal.addEventListener("abort", abort);
    client.exec(command, { env }, (error, channel) => {
      if (error) return reject(error);
      if (signal.aborted) channel.destroy();
      resolve(channel);
    });
    return promise.finally(() => {
      client.off("close", cut);
      signal.removeEventListener("abort", abort);
    });
  }

  return {
    async start({ place, addresses, secret, command, env, signal }) {
      signal.throwIfAborted();
      const name = nameOf(place, secret);
      const had = standing.get(name);
      const use = (kept: Kept, channel: ClientChannel) => {
        let isLeft = false;
        const left = (): void => {
          signal.removeEventListener("abort", abort);
          if (!isLeft) leave(kept);
          isLeft = true;
        };
        const abort = (): void => {
          channel.destroy();
          // A server that says nothing does not say either that it has closed.
          left();
        };
        signal.addEventListener("abort", abort);
        channel.on("error", () => undefined);
        channel.once("close", left);
        if (signal.aborted) abort();
        return { channel, isCut: () => kept.connection.isOver };
      };
      if (had !== undefined && !had.connection.isOver) {
        clearTimeout(had.leaving);
        had.users += 1;
        try {
          return use(had, await open(had.connection, { command, env, signal }));
        } catch {
          // Not every server takes a second command, and none after a while; what it does already goes on.
          retire(had);
          leave(had);
          if (had.users === 0) end(had);
          signal.throwIfAborted();
        }
      }
      const connection = await connectSsh({ place, addresses, secret, network, signal });
      const kept: Kept = { name, connection, users: 1 };
      standing.set(name, kept);
      all.add(kept);
      try {
        return use(kept, await open(connection, { command, env, signal }));
      } catch (error) {
        end(kept);
        throw unreachable(formatAuthority(place.authority), error);
      }
    },
    [Symbol.dispose]: () => {
      for (const kept of all) end(kept);
    },
  };
}

/** Only who is shown the same key by the same trust shares a connection. */
function nameOf({ authority, user }: SshPlace, { privateKey, hostKeys }: SshKeySecret): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([privateKey, hostKeys]))
    .digest("hex");
  return `${user}@${formatAuthority(authority)} ${digest}`;
}
