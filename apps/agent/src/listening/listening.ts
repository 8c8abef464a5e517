import type { Server } from "node:http";
import { isIP, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Clock, Log } from "@ws/workspace-core";
import type { Config } from "../config/config.ts";
import { socketPath } from "../paths.ts";
import type { Tailnet } from "../tailnet/tailnet.ts";
import { loadCertificate, requireTls } from "../tls/load-tls.ts";
import { sniffTls } from "../tls/sniff.ts";
import { createTls, type Tls } from "../tls/tls-server.ts";
import { exposedAt, type Exposed } from "./exposure.ts";
import { plainAddress } from "./plain-address.ts";
import { isLoopback, listenTcp, listenUnix, requireFree, requireSafe } from "./listen.ts";

/** Where this agent is reached: a TCP port, and a socket that only this user can open. */
export interface Listening {
  /** The one asked for, which may be 0, until it listens. */
  readonly port: number;
  /** Path of the unix socket. */
  readonly socket: string;
  /** `http://127.0.0.1:7391`: what a browser of this machine is sent to. */
  address(): string;
  /** The address of other devices, and what they pin; undefined where it answers this machine only, or readably. */
  secured(): { address: string; pin: string } | undefined;
  exposure(): readonly Exposed[];
  /** Whether a token may cross this connection: nobody else can read it, or the risk was accepted. */
  isPrivate(socket: Socket): boolean;
  /** Throws `port_taken`, `config_invalid`, `disk_full`. */
  start(servers: { tcp: Server; unix: Server }): Promise<void>;
}

export interface ListeningOptions {
  config: Pick<Config, "get" | "variable">;
  configDirectory: string;
  hostname: string;
  tailnet: Tailnet;
  clock: Pick<Clock, "now">;
  log: Log;
}

/** Throws what would keep an agent from listening, while nothing of the worker has been changed yet: `unsafe_listen`, `config_invalid`, `port_taken`. */
export async function requireListenable(config: ListeningOptions["config"], byOption: boolean): Promise<void> {
  const [host, port] = [config.get("host"), config.get("port")];
  const from = byOption ? "--listen" : (config.variable("host") ?? "host in config.json");
  requireSafe({
    host,
    tls: config.get("tls.mode") !== "off",
    insecureListen: config.get("insecureListen"),
    port,
    from,
  });
  requireTls(config);
  await requireFree(host, port);
}

export function createListening(options: ListeningOptions): Listening {
  const { config, configDirectory, hostname, tailnet, clock, log } = options;
  const host = config.get("host");
  const insecure = config.get("insecureListen");
  let port = config.get("port");
  let tls: Tls | undefined;
  const socket = socketPath(configDirectory);

  /** All that a device may call this worker. */
  function names(): string[] {
    const known = [hostname, "localhost", "127.0.0.1", "::1", ...config.get("allowedHosts"), ...tailnet.names(), host];
    const isName = (name: string): boolean => isIP(name) !== 0 || /^[a-z0-9._-]+$/i.test(name);
    const previews = config.get("previews.domain");
    const own = [...new Set(known)].filter((name) => isName(name) && !isWildcard(name));
    return previews === "" ? own : [...own, `*.${previews}`];
  }

  return {
    get port() {
      return port;
    },
    socket,
    address() {
      if (isWildcard(host)) return `http://127.0.0.1:${port}`;
      return `${tls === undefined || isLoopback(host) ? "http" : "https"}://${urlHost(host)}:${port}`;
    },
    secured() {
      if (tls === undefined) return undefined;
      return { address: `https://${isWildcard(host) ? hostname : urlHost(host)}:${port}`, pin: tls.pin };
    },
    exposure: () => [exposedAt({ host, port, insecure }, tls), ...tailnet.exposure()],
    isPrivate(socket) {
      const local = plainAddress(socket.localAddress);
      return socket instanceof TLSSocket || insecure || isLoopback(local) || tailnet.isOwn(local);
    },
    async start({ tcp, unix }) {
      await tailnet.look();
      const certificate = await loadCertificate(config, { configDirectory, names: names(), clock });
      if (certificate !== undefined) {
        tls = createTls(certificate, log);
        sniffTls(tcp, tls.server);
      }
      port = await listenTcp(tcp, host, port);
      await listenUnix(unix, socket);
      await tailnet.listen(tcp, { port, everywhere: isWildcard(host) });
    },
  };
}

function isWildcard(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
