import { chmodSync, rmSync } from "node:fs";
import { createServer, isIP, type AddressInfo, type Server } from "node:net";
import { WsError } from "@ws/workspace-core";

/** Whether only this machine can reach an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

export interface Listening {
  host: string;
  tls: boolean;
  insecureListen: boolean;
  port: number;
  /** What says the address: an option, a variable, or the setting. */
  from: string;
}

/** Throws `unsafe_listen` for an address beyond this machine where TLS is off and nobody has accepted that. */
export function requireSafe({ host, tls, insecureListen, port, from }: Listening): void {
  if (isLoopback(host) || tls || insecureListen) return;
  throw new WsError("unsafe_listen", {
    message: `Listening on ${host} would send tokens and terminals over the network readably.`,
    next: `Encrypt it: ws agent run --listen ${host} --tls (also WS_TLS=self, or tls.mode in config.json). Or take ${from} back to 127.0.0.1 and reach the worker with '${tunnel(port)}'. To accept the risk: --insecure-listen (also WS_INSECURE_LISTEN=1).`,
    data: { host },
  });
}

/** How to reach a worker that listens on loopback only. */
export function tunnel(port: number): string {
  const known = port === 0 ? "PORT" : port;
  return `ssh -L ${known}:127.0.0.1:${known} HOST`;
}

/** Returns the port. Throws `port_taken`, `unsafe_listen`. */
export async function listenTcp(server: Server, host: string, port: number): Promise<number> {
  try {
    await listening(server, () => server.listen({ host, port }));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES") throw taken(port, code, error);
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") throw noSuchAddress(host, error);
    throw error;
  }
  return (server.address() as AddressInfo).port;
}

/** Throws what `listenTcp` would, and leaves nothing open. */
export async function requireFree(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listenTcp(probe, host, port);
  await new Promise((resolve) => probe.close(resolve));
}

/** Listens on a path that only this user can open. What an agent that died left there is replaced: the state's lock says that none lives. */
export async function listenUnix(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  await listening(server, () => server.listen({ path }));
  chmodSync(path, 0o600);
}

function listening(server: Server, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => {
      server.off("error", reject);
      resolve();
    });
    start();
  });
}

function taken(port: number, code: string, cause: unknown): WsError {
  const reason = code === "EACCES" ? "may not be used by this account" : "is in use by another program";
  return new WsError("port_taken", {
    message: `Port ${port} ${reason}.`,
    next: "Stop that program, or use another port: ws agent run --port 7392 (0 picks a free one).",
    data: { port },
    cause,
  });
}

function noSuchAddress(host: string, cause: unknown): WsError {
  return new WsError("config_invalid", {
    message: `This machine has no address ${host} to listen on.`,
    next: "Leave out --listen, or name one of this machine's addresses.",
    data: { file: "host" },
    cause,
  });
}
